# frozen_string_literal: true

require 'grpc'
require 'stock/headers'
require 'stock/session/flow'

module Stock
  module Session
    # What a session's calls share: the library's own call, whose batches of operations block their threads.
    #
    # The gem's ActiveCall reads initial metadata with the first response and ends a stream's requests by an exception
    # of its own; both would hide what the library gave.
    class Call
      include GRPC::Core::CallOps

      # What the library sends: other metadata it raises at.
      NAME = /\A[0-9a-z_.-]+\z/
      VALUE = /\A[ -~]*\z/n
      CANCELLED = [GRPC::Core::StatusCodes::CANCELLED, 'CANCELLED'].freeze
      OUT_OF_TIME = [GRPC::Core::StatusCodes::DEADLINE_EXCEEDED, 'Deadline Exceeded'].freeze
      COMPRESSED = { 'grpc-internal-encoding-request' => 'gzip' }.freeze

      # Seconds that a call has to open its stream before it is ended without.
      OPENING_SECONDS = 0.05

      # `timer` ends the call at its deadline.
      #
      # The library's own timer is off: what ends a call between the choice of its stream and its first frame resets a
      # stream that is not open, for which strict peers close the connection. So its end waits for the stream.
      def initialize(core, method, start, report, timer)
        @method = method
        @report = report
        @metadata = metadata_of(start)
        @timer = timer
        @lock = Mutex.new
        @opened = false
        @core = core.create_call(nil, nil, method.path, nil, deadline_of(start))
        timer.after(start.timeout_ns / 1e9) { finish(*OUT_OF_TIME) } unless start.timeout_ns.zero?
      end

      # Cancels the call.
      def cancel = finish(*CANCELLED)

      private

      # Sends the initial metadata, which opens the stream.
      def open_stream
        run_batch(SEND_INITIAL_METADATA => @metadata)
        end_now if @lock.synchronize { (@opened = true) && @end }
      end

      # Ends the call with a code and details, once its stream is open.
      def finish(*status)
        opened = @lock.synchronize do
          @end ||= status
          @opened
        end
        opened ? end_now : @timer.after(OPENING_SECONDS) { end_now }
      end

      def end_now = @core.cancel_with_status(*@end)

      def metadata_of(start)
        metadata = start.metadata ? Headers.to_hash(start.metadata) : {}
        illegal = metadata.keys.find { |name| !legal?(name, metadata[name]) }
        raise CommandError, "metadata: #{illegal.inspect} given, a legal name and values expected" if illegal

        start.compress ? metadata.merge(COMPRESSED) : metadata
      end

      def legal?(name, values)
        name.match?(NAME) && (name.end_with?('-bin') || values.all? { |value| value.match?(VALUE) })
      end

      def deadline_of(start)
        return GRPC::Core::TimeConsts::INFINITE_FUTURE if start.timeout_ns.zero?

        Time.now + Rational(start.timeout_ns, 1_000_000_000)
      end

      # The batch's result, or nil where the call is over.
      def run_batch(operations)
        @core.run_batch(operations)
      rescue GRPC::Core::CallError
        nil
      end
    end

    # A call with one request and one response.
    class UnaryCall < Call
      def initialize(core, method, start, report, timer)
        super
        @request = method.marshal(start.requests.first)
      end

      # Reports what comes; the block is called before the status is told.
      def run
        open_stream
        result = run_batch(
          SEND_MESSAGE => @request, SEND_CLOSE_FROM_CLIENT => nil, RECV_INITIAL_METADATA => nil, RECV_MESSAGE => nil,
          RECV_STATUS_ON_CLIENT => nil
        )
        @core.close
        yield
        succeeded = result.status.code == GRPC::Core::StatusCodes::OK
        headers = result.metadata if succeeded || result.metadata.any?
        @report.unary(headers, succeeded ? @method.unmarshal(result.message) : nil, result.status)
      end

      # Cannot be obeyed: a unary call half-closes at its start.
      def send_requests(_requests) = raise(CommandError, 'call: its requests have ended')

      # As `send_requests`.
      def half_close = send_requests([])

      # Means nothing for one response.
      def receive(_credit) = nil
    end

    # A call with a stream. One thread reads, one waits for the status and, where there are requests, one sends.
    class StreamCall < Call
      def initialize(core, method, start, report, timer, threads)
        super(core, method, start, report, timer)
        @threads = threads
        @credit = Credit.new(start.credit)
        @requests = Requests.new(start.requests, closed: start.half_close || !method.sends_stream?)
        @status = Queue.new
        @sent = Queue.new
      end

      # Reports what comes, to the end; the block is called before the status is told.
      def run
        begin_call
        read
        status = @status.pop
        unsent = @requests.finish
        @sent.pop
        @core.close
        yield
        @report.status(status, unsent)
      end

      # Queues requests.
      def send_requests(requests)
        @method.check(requests)
        @requests.add(requests)
      end

      # Ends the requests after those queued.
      def half_close = @requests.close

      # Allows more responses; 0 stands for all.
      def receive(credit) = @credit.add(credit)

      private

      # Messages follow the initial metadata, so nothing else begins before these are on their way.
      def begin_call
        open_stream
        @threads.run { await_status }
        @threads.run { send_all }
      end

      def await_status
        result = run_batch(RECV_STATUS_ON_CLIENT => nil)
        @status << result.status
        @credit.finish
      end

      def send_all
        closed = @requests.each do |request|
          break false unless run_batch(SEND_MESSAGE => @method.marshal(request))
        end
        run_batch(SEND_CLOSE_FROM_CLIENT => nil) if closed
        @sent << nil
      end

      def read
        headers = run_batch(RECV_INITIAL_METADATA => nil)&.metadata.to_h
        # The library gives empty ones too where the call ended without (trailers only).
        @report.headers(headers) if headers.any? || @status.empty?
        @method.gives_stream? ? read_all : read_one
      end

      # Reads responses, as many as the credit allows, until the call ends.
      def read_all
        while @credit.take && (message = run_batch(RECV_MESSAGE => nil)&.message)
          tell(message)
        end
      end

      # Reads the one response, which counts only if the call succeeds.
      def read_one
        message = run_batch(RECV_MESSAGE => nil)&.message
        status = @status.pop
        tell(message) if message && status.code == GRPC::Core::StatusCodes::OK
        @status << status
      end

      def tell(message) = @report.response(@method.unmarshal(message), message.bytesize)
    end
  end
end
