# frozen_string_literal: true

require 'stock/calls'
require 'stock/session/call'
require 'stock/session/common'
require 'stock/session/methods'
require 'stock/session/report'
require 'stock/session/timer'
require 'stock/threads'

module Stock
  module Session
    # A channel and the calls that run on it.
    class OpenChannel
      # For the ends of the calls of a channel that closes.
      CLOSE_SECONDS = 1.0

      def initialize(endpoint)
        @channel = Channel.new(endpoint, 'grpc.enable_deadline_checking' => 0)
        @lock = Mutex.new
        @changed = ConditionVariable.new
        @running = {}
      end

      # The library's channel for a call.
      def core(wait_for_ready) = @channel.core(wait_for_ready:)

      # Takes note of a call that has begun.
      def add(number, call)
        @lock.synchronize { @running[number] = call }
      end

      # Forgets a call that has ended.
      def remove(number)
        @lock.synchronize do
          @running.delete(number)
          @changed.signal if @running.empty?
        end
      end

      # Cancels the calls, and closes the connections once they have ended, at most a second later. The other way round
      # they would not end as cancelled.
      def close
        @lock.synchronize do
          @running.each_value(&:cancel)
          @changed.wait(@lock, CLOSE_SECONDS) unless @running.empty?
        end
        @channel.close
      end
    end

    # A client's session: frames to channels and calls, and what these give to frames. `close` ends it.
    class Client
      def initialize(output)
        @output = output
        @channels = {} # nil: closed
        @calls = {}
        @highest = 0
        @lock = Mutex.new
        @threads = Threads.new
        @timer = Timer.new
        @handlers = handlers
      end

      # Obeys the commands of a stream until its end. Raises FrameError.
      def serve(input)
        Frames.each_command(input) { |command| obey(command) }
      ensure
        close
        @output.close(OpenChannel::CLOSE_SECONDS)
      end

      # Does what a command says, or answers with a Failure.
      def obey(command) = Common.obey(@handlers, command, @output)

      # Cancels what is open and waits for its end, at most a second.
      def close
        @channels.values.compact.map { |channel| Thread.new { channel.close } }.each do |thread|
          thread.join(OpenChannel::CLOSE_SECONDS)
        end
      end

      private

      def handlers
        {
          open_channel: method(:open_channel),
          close_channel: method(:close_channel),
          start: method(:start),
          send: ->(send) { with_call(send.call) { |call| call.send_requests(send.requests.to_a) } },
          half_close: ->(half_close) { with_call(half_close.call, &:half_close) },
          receive: ->(receive) { with_call(receive.call) { |call| call.receive(receive.credit) } },
          cancel: ->(cancel) { with_call(cancel.call, &:cancel) }
        }
      end

      def open_channel(command)
        number = command.channel
        if number.zero? || @channels.key?(number)
          raise CommandError, "channel: #{number} given, a new number from 1 expected"
        end

        @channels[number] = OpenChannel.new(endpoint(command))
      end

      def close_channel(command)
        channel = open_one(command.channel)
        @channels[command.channel] = nil
        @threads.run { channel.close }
      end

      def open_one(number)
        @channels[number] or raise CommandError, "channel: #{number} given, which is not open"
      end

      # Raises CommandError.
      def endpoint(command)
        host = Common.literal(command.host)
        raise CommandError, "port: #{command.port} given, 1 to 65535 expected" unless (1..65_535).cover?(command.port)

        Endpoint.new(
          target: host.ipv6? ? "ipv6:[#{host}]:#{command.port}" : "ipv4:#{host}:#{command.port}",
          credentials: credentials(command, Common.security(command)), server_name: command.server_name,
          max_receive_bytes: Common.receive_bytes(command)
        )
      end

      def credentials(command, security)
        return if security == 'plaintext'

        own = command.identity if security == 'mtls'
        Common.credentials { Credentials.channel(command.roots_pem, own && Common.identity(own)) }
      end

      def start(start)
        channel = open_one(start.channel)
        method = Method::ALL.fetch(start.rpc) { raise CommandError, "rpc: #{start.rpc} given, a method expected" }
        check(start, method)
        call = new_call(start, channel, method)
        @highest = start.call
        run(start.call, channel, call)
      end

      def check(start, method)
        raise CommandError, "call: #{start.call} given, a number over #{@highest} expected" if start.call <= @highest
        raise CommandError, "timeout_ns: #{start.timeout_ns} given, 0 or more expected" if start.timeout_ns.negative?

        if start.requests.size != 1 && !method.sends_stream?
          raise CommandError, "requests: #{start.requests.size} given, exactly 1 expected"
        end

        method.check(start.requests)
      end

      def new_call(start, channel, method)
        report = Report.new(start.call, @output)
        core = channel.core(start.wait_for_ready)
        return UnaryCall.new(core, method, start, report, @timer) if method.unary?

        StreamCall.new(core, method, start, report, @timer, @threads)
      end

      def run(number, channel, call)
        @lock.synchronize { @calls[number] = call }
        channel.add(number, call)
        @threads.run do
          call.run do
            # Before the status is told: what comes for the call then is passed over.
            @lock.synchronize { @calls.delete(number) }
            channel.remove(number)
          end
        end
      end

      def with_call(number)
        call = @lock.synchronize { @calls[number] }
        return yield call if call

        raise CommandError, "call: #{number} given, which never was one" if number.zero? || number > @highest
      end
    end
  end
end
