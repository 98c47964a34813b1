# frozen_string_literal: true

require 'grpc'

module Stock
  # One call as the server has it, over the library's own batches of operations.
  #
  # The gem's ActiveCall does not tell a handler that its call was cancelled or ran out of time; the operation that
  # does (RECV_CLOSE_ON_SERVER) blocks a thread of its own, so it is begun for handlers that wait, by `on_end`.
  # Reading and writing are the handler's thread's; `on_end` and `cancel` may come from any.
  class ServerCall
    include GRPC::Core::CallOps

    # Seconds before its deadline at which a call counts as over.
    #
    # At the deadline the library tells the peer, and once more for each operation that comes later: a second end of
    # one stream, for which strict peers close the connection. So nothing may be sent once the library may have.
    MARGIN = 0.002

    attr_reader :metadata
    # When the call must have ended, or nil.
    attr_reader :deadline
    # The name of the store that the call uses.
    attr_accessor :store_name

    # `rpc` is the library's Struct of a new call, `desc` the method's RpcDesc.
    def initialize(rpc, desc, threads)
      @call = rpc.call
      @metadata = rpc.metadata
      # Where there is none, the library makes a time before the epoch of its infinite one.
      @deadline = rpc.deadline.to_i.negative? ? nil : rpc.deadline
      @marshal = desc.marshal_proc
      @unmarshal = desc.unmarshal_proc(:input)
      @threads = threads
      @store_name = ''
      @headers_sent = false
      @lock = Mutex.new
      @ended = ConditionVariable.new
      @refused = @watching = @over = false
      @end_callbacks = []
    end

    # What stands between the call's receipt and its handler; nothing, for an ordinary call.
    def begin_handling; end

    # The next request, or nil where there is no further one. Raises Google::Protobuf::ParseError.
    def read
      message = run_batch(RECV_MESSAGE => nil)&.message
      message && @unmarshal.call(message)
    end

    # Yields the requests; what the gem calls it.
    def each_remote_read
      return enum_for(:each_remote_read) unless block_given?

      while (request = read)
        yield request
      end
    end

    # Sends initial metadata, once.
    def send_initial_metadata(headers = {})
      return if @headers_sent

      send_batch(SEND_INITIAL_METADATA => headers)
      # Not before: illegal headers raise, and the end of the call would wait for others.
      @headers_sent = true
    end

    # Sends one response of several; whether the call goes on.
    def write(response)
      send_initial_metadata
      !send_batch(SEND_MESSAGE => @marshal.call(response)).nil?
    end

    # Sends the one response and ends the call; whether the caller has not ended it before.
    def reply(response, trailers = {})
      finish(GRPC::Core::StatusCodes::OK, 'OK', trailers, SEND_MESSAGE => @marshal.call(response))
    end

    # Ends the call; whether the caller has not ended it before.
    def finish(code, details, trailers = {}, operations = {})
      operations = { SEND_INITIAL_METADATA => {} }.merge(operations) unless @headers_sent
      @headers_sent = true
      status = Struct::Status.new(code, details, trailers)
      sent = send_batch(operations.merge(SEND_STATUS_FROM_SERVER => status))
      close
      !sent.nil?
    end

    # Waits for the end of a call that is over, or about to be, and frees what it holds.
    def close
      wait_for_end
      @call.close
    end

    # Calls a block when the call is over for the server, however it ends; from another thread.
    def on_end(&block)
      over, watch = @lock.synchronize do
        @end_callbacks << block unless @over
        [@over, !@watching && (@watching = true)]
      end
      @threads.run { watch_end } if watch
      yield if over
    end

    # Waits until the call is over, at most some seconds; whether it is.
    def wait_until_over(seconds)
      limit = now + seconds
      @lock.synchronize do
        @ended.wait(@lock, limit - now) while !@over && now < limit
        @over
      end
    end

    # Whether the call is over.
    def over? = @lock.synchronize { @over }

    # Ends the call from outside of its handler.
    def cancel(code, details)
      @refused = true
      @call.cancel_with_status(code, details)
    end

    # The certificate of the peer as PEM, or nil.
    def peer_certificate = @call.peer_cert

    private

    # The batch's result, or nil where the call is over.
    def run_batch(operations)
      @call.run_batch(operations)
    rescue GRPC::Core::CallError
      @refused = true
      nil
    end

    # As `run_batch`, for what is sent.
    def send_batch(operations)
      run_batch(operations) unless @refused || over? || (@deadline && Time.now + MARGIN >= @deadline)
    end

    def watch_end
      run_batch(RECV_CLOSE_ON_SERVER => nil)
      callbacks = @lock.synchronize do
        @over = true
        @ended.broadcast
        @end_callbacks
      end
      callbacks.each(&:call)
    end

    # The library frees what a call holds once this has been received.
    def wait_for_end
      watched = @lock.synchronize do
        watched = @watching
        @watching = true
        @ended.wait(@lock) while watched && !@over
        watched
      end
      watch_end unless watched
    end

    def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end
end
