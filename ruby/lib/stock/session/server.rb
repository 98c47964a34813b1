# frozen_string_literal: true

require 'stock/directive'
require 'stock/listener'
require 'stock/session/common'

module Stock
  module Session
    # A server's session: frames to listeners, all over the same stores, and observations to frames. `drain` ends it.
    class Server
      def initialize(output)
        @output = output
        @stores = Stores.new
        @directives = Directives.new { |tag, observation| observed(tag, observation) }
        @lock = Mutex.new
        @listeners = {}
        @used = {}
        @handlers = { listen: method(:listen), stop: method(:stop), forget: method(:forget) }
      end

      # Obeys the commands of a stream until its end. Raises FrameError.
      def serve(input)
        Frames.each_command(input) { |command| obey(command) }
      end

      # Does what a command says, or answers with a Failure.
      def obey(command) = Common.obey(@handlers, command, @output)

      # Drains every listener; blocks until their calls have ended or the grace is over.
      def drain(grace_seconds)
        listeners = @lock.synchronize { @listeners.values }
        listeners.map { |listener| Thread.new { listener.drain(grace_seconds) } }.each(&:join)
        @output.close(1)
      end

      private

      def listen(command)
        number = command.listener
        if number.zero? || @used.key?(number)
          raise CommandError, "listener: #{number} given, a new number from 1 expected"
        end

        listener = listener_of(command)
        @used[number] = true
        @lock.synchronize { @listeners[number] = listener }
        event(listening: Tofusoup::Stock::Session::Listening.new(listener: number, port: listener.port))
      end

      def listener_of(command)
        security = Common.security(command)
        raise CommandError, "port: #{command.port} given, at most 65535 expected" if command.port > 65_535

        host = Common.literal(command.host)
        if security == 'plaintext' && !host.loopback?
          raise CommandError, "host: #{host} given, plaintext is for loopback"
        end

        bind(command, host, security)
      rescue BindError => e
        raise CommandError, e.message
      end

      def bind(command, host, security)
        binding = Binding.new(
          host: host.to_s, port: command.port, security:, credentials: credentials(command, security),
          max_receive_bytes: Common.receive_bytes(command)
        )
        Listener.new(binding, @stores, @directives)
      end

      def credentials(command, security)
        return if security == 'plaintext'

        identity = command.identity || Tofusoup::Stock::Session::Identity.new
        Common.credentials do
          Credentials.server(Common.identity(identity), security == 'mtls' ? command.client_roots_pem : nil)
        end
      end

      def stop(command)
        listener = @lock.synchronize { @listeners.delete(command.listener) }
        raise CommandError, "listener: #{command.listener} given, which is not open" unless listener

        Thread.new do
          listener.drain(command.grace_ms / 1000.0)
          event(stopped: Tofusoup::Stock::Session::Stopped.new(listener: command.listener))
        end
      end

      def forget(command) = @stores.forget(command.stores)

      def observed(tag, observation)
        event(observed: Tofusoup::Stock::Session::Observed.new(tag:, observation:))
      end

      def event(fields) = @output.send_event(Tofusoup::Stock::Session::Event.new(fields))
    end
  end
end
