# frozen_string_literal: true

require 'ipaddr'
require 'stock/options/common'

module Stock
  # What `stock_server` was asked for. `show` is 'help', 'version' or nil; with it the rest means nothing.
  ServerOptions = Struct.new(
    :show, :host, :port, :security, :cert_file, :key_file, :client_ca_file, :grace_seconds, :max_receive_bytes,
    :conformance, :session, keyword_init: true
  ) do
    # The options of a command line. Raises UsageError.
    def self.parse(argv) = ServerParser.new(argv).options

    # The usage of `stock_server`.
    def self.usage = ['usage: stock_server [FLAGS]', *ServerParser::FLAGS.map(&:usage)].join("\n")
  end

  # Reads the command line of `stock_server`.
  class ServerParser
    MODES = {
      'none' => 'none', 'disabled' => 'none', 'tls' => 'tls', 'mtls' => 'mtls', 'server' => 'upstream',
      'manual' => 'upstream'
    }.freeze
    NEEDED = {
      'none' => [], 'tls' => %w[cert-file key-file], 'mtls' => %w[cert-file key-file client-ca-file]
    }.freeze
    FLAGS = [
      Grammar::Flag.new('host', 'address to bind', Grammar::TEXT, 'H', '127.0.0.1'),
      Grammar::Flag.new('port', 'port to bind; 0 = any free one', Grammar.integer(0..65_535, 'a port'), 'N', 50_051),
      Grammar::Flag.new(
        'tls-mode', 'none, tls or mtls', Grammar.choice(MODES, 'none, tls or mtls'), 'MODE', 'none'
      ),
      Grammar::Flag.new('cert-file', "the server's certificate chain, PEM", Grammar::TEXT, 'F'),
      Grammar::Flag.new('key-file', "the server's private key, PEM PKCS#8", Grammar::TEXT, 'F'),
      Grammar::Flag.new('client-ca-file', 'roots for client certificates, PEM; mtls', Grammar::TEXT, 'F'),
      Grammar::Flag.new(
        'grace-seconds', 'time for running calls when the server drains', Grammar::SECONDS, 'S', 3.0
      ),
      Grammar::Flag.new('allow-plaintext-network', 'allow a host beyond loopback without TLS'),
      Grammar::Flag.new('conformance', 'obey the directives in request metadata'),
      *Common::FLAGS
    ].freeze

    def initialize(argv)
      @parsed = Grammar.parse(FLAGS, argv)
      @given = @parsed.given
      @value = FLAGS.to_h { |flag| [flag.name, @given.fetch(flag.name, flag.default)] }
    end

    # Raises UsageError.
    def options
      show = Common.show(@given)
      return ServerOptions.new(show:) if show

      check_arguments
      typed(security)
    end

    private

    def check_arguments
      stray = @parsed.arguments.first
      raise UsageError, "stray argument: #{Grammar.printable(stray)}" if stray

      Common.check_session(@given, %w[conformance grace-seconds])
    end

    def typed(security)
      check_host(security)
      ServerOptions.new(
        host: @value['host'], port: @value['port'], security:, cert_file: @value['cert-file'],
        key_file: @value['key-file'], client_ca_file: @value['client-ca-file'],
        grace_seconds: @value['grace-seconds'], max_receive_bytes: @value['max-receive-bytes'],
        conformance: @given.key?('conformance') || @given.key?('session'), session: @given.key?('session')
      )
    end

    def security
      mode = @value['tls-mode']
      mode = @value['client-ca-file'] ? 'mtls' : 'tls' if mode == 'upstream'
      NEEDED['mtls'].each { |name| check_file(name, mode) }
      mode == 'none' ? 'plaintext' : mode
    end

    def check_file(name, mode)
      needed = NEEDED[mode].include?(name)
      raise UsageError, "--#{name} does not go with --tls-mode #{mode}" if @value[name] && !needed
      raise UsageError, "--tls-mode #{mode} needs --#{name}" if needed && !@value[name]
    end

    def check_host(security)
      host = @value['host']
      return if security != 'plaintext' || @value['allow-plaintext-network'] || loopback?(host)

      raise UsageError, "--host #{Grammar.printable(host)} without TLS needs --allow-plaintext-network"
    end

    def loopback?(host)
      host == 'localhost' || IPAddr.new(host).loopback?
    rescue IPAddr::Error
      false
    end
  end
end
