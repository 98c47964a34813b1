# frozen_string_literal: true

require 'stock/options/common'

module Stock
  # What `stock_client` was asked for. `show` as in ServerOptions; `arguments` are bytes as given; `timeout_seconds` nil
  # is none; `events` is --count.
  ClientOptions = Struct.new(
    :show, :session, :operation, :arguments, :server, :tls, :ca_file, :cert_file, :key_file, :server_name,
    :timeout_seconds, :max_receive_bytes, :events, keyword_init: true
  ) do
    # The options of a command line. Raises UsageError.
    def self.parse(argv) = ClientParser.new(argv).options

    # The usage of `stock_client`.
    def self.usage
      operations = ClientParser::OPERATIONS.map { |name, operation| "  #{name} #{operation.written}".rstrip }
      flags = ClientParser::FLAGS.map(&:usage)
      ['usage: stock_client OPERATION [ARGUMENTS] [FLAGS]', *operations, *flags].join("\n")
    end
  end

  # Reads the command line of `stock_client`.
  class ClientParser
    # How many arguments an operation takes, and how they are written.
    Operation = Struct.new(:takes, :written)

    OPERATIONS = {
      'get' => Operation.new(1..1, 'KEY'),
      'put' => Operation.new(2..2, 'KEY VALUE|-'),
      'delete' => Operation.new(1..1, 'KEY'),
      'monitor' => Operation.new(0..1, '[PREFIX] [--count N]'),
      'batch' => Operation.new(0.., '[KEY=VALUE ...]'),
      'trade' => Operation.new(1.., 'buy:SYMBOL:N|sell:SYMBOL:N|query:SYMBOL ...'),
      'inventory' => Operation.new(0..0, ''),
      'kv-get' => Operation.new(1..1, 'KEY'),
      'kv-put' => Operation.new(2..2, 'KEY VALUE|-'),
      'health' => Operation.new(0..1, '[SERVICE]')
    }.freeze
    FLAGS = [
      Grammar::Flag.new('server', 'endpoint to call', Grammar::ENDPOINT, 'H:P', '127.0.0.1:50051'),
      Grammar::Flag.new('tls', 'use TLS'),
      Grammar::Flag.new(
        'ca-file', "roots for the server's certificate, PEM; default: the library's", Grammar::TEXT, 'F'
      ),
      Grammar::Flag.new('cert-file', "the client's certificate chain, PEM", Grammar::TEXT, 'F'),
      Grammar::Flag.new('key-file', "the client's private key, PEM PKCS#8", Grammar::TEXT, 'F'),
      Grammar::Flag.new('server-name', "name to verify the server's certificate against", Grammar::TEXT, 'N'),
      Grammar::Flag.new('timeout-seconds', 'deadline of the call; 0 = none', Grammar::SECONDS, 'S', 5.0),
      Grammar::Flag.new(
        'count', 'monitor: events to print; 0 = until stopped', Grammar.integer(0..(2**63) - 1, 'a count'), 'N', 0
      ),
      *Common::FLAGS
    ].freeze
    NEED_TLS = %w[ca-file cert-file key-file server-name].freeze
    PAIRED = { 'cert-file' => 'key-file', 'key-file' => 'cert-file' }.freeze

    def initialize(argv)
      parsed = Grammar.parse(FLAGS, argv)
      @given = parsed.given
      @operation, *@arguments = parsed.arguments
      @value = FLAGS.to_h { |flag| [flag.name, @given.fetch(flag.name, flag.default)] }
    end

    # Raises UsageError.
    def options
      show = Common.show(@given)
      return ClientOptions.new(show:) if show
      return session if @given.key?('session')

      check_operation
      check_tls
      typed
    end

    private

    def session
      Common.check_session(@given, [])
      raise UsageError, "--session goes without an operation: #{Grammar.printable(@operation)}" if @operation

      ClientOptions.new(session: true)
    end

    def check_operation
      raise UsageError, 'an operation is needed' unless @operation

      known = OPERATIONS.fetch(@operation) { raise UsageError, "unknown operation: #{Grammar.printable(@operation)}" }
      raise UsageError, "#{@operation} needs #{known.written}" if @arguments.size < known.takes.begin

      check_stray(known.takes.end)
      raise UsageError, "--count does not go with #{@operation}" if @given.key?('count') && @operation != 'monitor'
    end

    def check_stray(most)
      raise UsageError, "stray argument: #{Grammar.printable(@arguments[most])}" if most && @arguments.size > most
    end

    def check_tls
      lonely = NEED_TLS.find { |name| @given.key?(name) && !@given.key?('tls') }
      raise UsageError, "--#{lonely} needs --tls" if lonely

      PAIRED.each do |name, other|
        raise UsageError, "--#{name} needs --#{other}" if @given.key?(name) && !@given.key?(other)
      end
    end

    def typed
      ClientOptions.new(
        session: false, operation: @operation, arguments: @arguments, server: @value['server'], tls: @given.key?('tls'),
        ca_file: @value['ca-file'], cert_file: @value['cert-file'], key_file: @value['key-file'],
        server_name: @value['server-name'], timeout_seconds: timeout, max_receive_bytes: @value['max-receive-bytes'],
        events: @value['count']
      )
    end

    def timeout = @value['timeout-seconds'].zero? ? nil : @value['timeout-seconds']
  end
end
