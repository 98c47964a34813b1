# frozen_string_literal: true

require 'ipaddr'
require 'proto/session_pb'

module Stock
  # A program driven by frames on its standard streams.
  module Session
    # A command that cannot be obeyed; the message is the reason of the Failure.
    class CommandError < StandardError; end

    # What the sessions of both programs share: the answers to commands, and what fields mean.
    module Common
      RECEIVE_BYTES = 4 * 1024 * 1024
      SECURITIES = {
        SECURITY_PLAINTEXT: 'plaintext', SECURITY_TLS: 'tls', SECURITY_MTLS: 'mtls'
      }.freeze

      module_function

      # Does what a command says by one of some methods, named for its kind, or answers with a Failure.
      def obey(handlers, command, output)
        kind = command.command
        handler = handlers.fetch(kind) do
          raise CommandError, "command: #{kind || 'none'} given, one of #{handlers.keys.join(', ')} expected"
        end
        handler.call(command[kind.to_s])
      rescue CommandError => e
        failure = Tofusoup::Stock::Session::Failure.new(id: command.id, reason: e.message)
        output.send_event(Tofusoup::Stock::Session::Event.new(failure:))
      end

      # `plaintext`, `tls` or `mtls`. Raises CommandError.
      def security(command)
        SECURITIES.fetch(command.security) do
          raise CommandError, "security: #{command.security} given, plaintext, tls or mtls expected"
        end
      end

      # A literal address. Raises CommandError.
      def literal(host)
        IPAddr.new(host)
      rescue IPAddr::Error
        raise CommandError, "host: #{host.inspect} given, a literal address expected"
      end

      # An identity as the credentials take it.
      def identity(message) = Identity.new(message.chain_pem, message.key_pem)

      # Material for credentials, made by a block. Raises CommandError.
      def credentials
        require 'stock/credentials'
        begin
          yield
        rescue CredentialsError => e
          raise CommandError, e.message
        end
      end

      def receive_bytes(command)
        command.max_receive_bytes.zero? ? RECEIVE_BYTES : command.max_receive_bytes
      end
    end
  end
end
