# frozen_string_literal: true

require 'delegate'
require 'grpc'
require 'proto/session_pb'
require 'stock/headers'

module Stock
  # Conformance mode: does to a call what the directive in its metadata says, without the handlers knowing.
  class Directives
    KEY = 'stock-directive-bin'

    # The block gets the tags and observations of tagged calls that have ended, from any thread.
    def initialize(&report)
      @report = report
    end

    # The call as its directive wants it; itself where it has none. Raises GRPC::BadStatus.
    def direct(call, desc)
      value = Array(call.metadata[KEY]).first
      return call unless value

      DirectedCall.new(call, Tofusoup::Stock::Session::Directive.decode(value), desc, @report)
    rescue Google::Protobuf::ParseError
      raise GRPC::InvalidArgument, 'bad directive'
    end
  end

  # One call under a directive.
  class DirectedCall < SimpleDelegator
    GZIP = { 'grpc-internal-encoding-request' => 'gzip' }.freeze

    def initialize(call, directive, desc, report)
      super(call)
      @directive = directive
      @reads_stream = desc.client_streamer? || desc.bidi_streamer?
      @sends_stream = desc.server_streamer? || desc.bidi_streamer?
      @report = report
      @headers_sent = false
      @observation = observe
      self.store_name = directive.store
    end

    # What happens before the handler. Raises GRPC::BadStatus, and RuntimeError for `throw`.
    def begin_handling
      send_initial_metadata if @directive.headers_first
      delay if @directive.delay_ms.positive?
      raise 'thrown for a directive' if @directive.throw

      fail_call if @directive.fail && !(stream? && @directive.fail.after.positive?)
    end

    def read
      fail_call if !@sends_stream && reached?(@observation.messages_read)
      request = super
      @observation.messages_read += 1 if request
      request
    end

    def each_remote_read
      return enum_for(:each_remote_read) unless block_given?

      while (request = read)
        yield request
      end
    end

    def send_initial_metadata
      return if @headers_sent

      @headers_sent = true
      super(initial_metadata)
    end

    def write(response)
      send_initial_metadata
      sent = super
      @observation.messages_sent += 1 if sent
      fail_call if reached?(@observation.messages_sent)
      sent
    end

    def reply(response)
      send_initial_metadata unless initial_metadata.empty?
      sent = super(response, trailers)
      @observation.messages_sent += 1 if sent
      tell(sent)
    end

    def finish(code, details, more = {})
      send_initial_metadata unless initial_metadata.empty?
      tell(super(code, details, trailers.merge(more)))
    end

    private

    def stream? = @reads_stream || @sends_stream

    def reached?(count)
      after = @directive.fail&.after.to_i
      stream? && after.positive? && count == after
    end

    def initial_metadata
      headers = Headers.to_hash(@directive.headers || Tofusoup::Stock::Session::Metadata.new)
      @directive.compress ? headers.merge(GZIP) : headers
    end

    def trailers = Headers.to_hash(@directive.trailers || Tofusoup::Stock::Session::Metadata.new)

    def delay
      on_end {} # from here on the end is heard of
      raise GRPC::Cancelled, 'call is over' if wait_until_over(@directive.delay_ms / 1000.0)
    end

    def fail_call
      failure = @directive.fail
      raise GRPC::InvalidArgument, 'bad directive' unless (1..16).cover?(failure.code)

      details = failure.details.empty? ? {} : { Headers::DETAILS_KEY => failure.details }
      raise GRPC::BadStatus.new(failure.code, failure.message, details)
    end

    def tell(sent)
      return if @directive.tag.empty? || @report.nil?

      @observation.cancelled = !sent
      @report.call(@directive.tag, @observation)
    end

    def observe
      observation = Tofusoup::Stock::Session::Observation.new(
        metadata: Headers.to_message(metadata),
        peer_certificate_pem: peer_certificate || ''
      )
      observation.deadline_ns = ((deadline - Time.now) * 1_000_000_000).to_i if deadline
      observation
    end
  end
end
