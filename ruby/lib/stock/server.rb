# frozen_string_literal: true

require 'grpc'
require 'stock/headers'
require 'stock/log'
require 'stock/server_call'
require 'stock/threads'

module Stock
  # Serves the handlers of services on a socket: the library's server, with a thread for each call.
  #
  # In place of the gem's RpcServer, whose handlers do not hear of the end of their calls, whose pool has all its
  # threads from the start and refuses calls beyond them, and which tells callers the text of a handler's exception.
  class Server
    include GRPC::Core::StatusCodes

    # Calls that run at once, on a thread each; the next one is RESOURCE_EXHAUSTED. Threads are made as needed.
    CONCURRENT_CALLS = 2048

    Route = Struct.new(:desc, :handler)

    # The route of a method that no service has.
    NO_ROUTE = Route.new(GRPC::RpcDesc.new(:none, nil, nil, :encode, :decode), nil)

    # `options` are channel arguments; `directives` stands before the handlers in conformance mode.
    def initialize(options, directives = nil)
      @core = GRPC::Core::Server.new(options)
      @directives = directives
      @threads = Threads.new
      @routes = {}
      @lock = Mutex.new
      @changed = ConditionVariable.new
      @running = 0
      @stopping = false
    end

    # Binds an endpoint, with the library's credentials or :this_port_is_insecure; the port. Raises RuntimeError.
    def bind(endpoint, credentials) = @core.add_http2_port(endpoint, credentials)

    # Adds the handlers of a service.
    def handle(service)
      service.class.rpc_descs.each do |name, desc|
        handler = service.method(GRPC::GenericService.underscore(name.to_s))
        @routes["/#{service.class.service_name}/#{name}"] = Route.new(desc, handler)
      end
    end

    # Begins to accept connections and calls.
    def start
      @core.start
      @accepting = Thread.new { accept }
    end

    # Stops accepting; calls that still run after some seconds are cancelled. Blocks until the library is done, which
    # waits for connections whose peers may do what they like.
    def stop(grace_seconds)
      @stopping = true
      @core.shutdown_and_notify(Time.now + grace_seconds)
      # The library aborts where it is closed with an event that nobody has taken.
      @accepting.join
      @core.close
    end

    # Waits until no call runs, at most some seconds.
    def wait_until_idle(seconds)
      limit = Process.clock_gettime(Process::CLOCK_MONOTONIC) + seconds
      @lock.synchronize do
        loop do
          left = limit - Process.clock_gettime(Process::CLOCK_MONOTONIC)
          break if @running.zero? || left <= 0

          @changed.wait(@lock, left)
        end
      end
    end

    private

    def accept
      until @stopping
        rpc = next_call
        take(rpc) if rpc&.call
      end
    end

    # The library raises in place of a call that it cannot give, and when it is stopped.
    def next_call
      @core.request_call
    rescue GRPC::Core::CallError, RuntimeError => e
      Log.fault('a call was lost', e) unless @stopping
    end

    def take(rpc)
      route = @routes.fetch(rpc.method, NO_ROUTE)
      call = ServerCall.new(rpc, route.desc, @threads)
      full = @lock.synchronize { (@running += 1) > CONCURRENT_CALLS }
      @threads.run do
        full ? call.finish(RESOURCE_EXHAUSTED, 'too many calls') : serve(call, route)
      ensure
        ended
      end
    end

    def ended
      @lock.synchronize do
        @running -= 1
        @changed.broadcast
      end
    end

    # Runs a handler; a peer's bytes and a handler's faults stop here.
    def serve(call, route)
      refused = refusal(call, route)
      return call.finish(*refused) if refused

      call = @directives.direct(call, route.desc) if @directives
      call.begin_handling
      respond(call, route)
    rescue GRPC::BadStatus => e
      call.finish(e.code, e.details, e.metadata)
    rescue Google::Protobuf::ParseError
      call.finish(INTERNAL, 'request does not decode')
    rescue StandardError => e
      fault(call, e)
    end

    # What a call ends with in place of its handler, or nil.
    def refusal(call, route)
      return [UNIMPLEMENTED, 'unknown method'] unless route.handler

      [RESOURCE_EXHAUSTED, 'too much request metadata'] if Headers.bytesize(call.metadata) > Headers::MAX_BYTES
    end

    # Ends a call after a fault of ours, which may be in what would be sent with its end.
    def fault(call, error)
      Log.fault('handler failed', error)
      call.finish(UNKNOWN, 'handler failed')
    rescue StandardError
      call.cancel(UNKNOWN, 'handler failed')
      call.close
    end

    def respond(call, route)
      desc = route.desc
      handler = route.handler
      return call.reply(handler.call(request_of(call), call)) if desc.request_response?
      return call.reply(handler.call(call)) if desc.client_streamer?
      return relay(call, handler.call(request_of(call), call)) if desc.server_streamer?

      relay(call, handler.call(call.each_remote_read, call))
    end

    def request_of(call)
      call.read or raise GRPC::Internal, 'no request'
    end

    def relay(call, responses)
      responses.each { |response| break unless call.write(response) }
      call.finish(OK, 'OK')
    end
  end
end
