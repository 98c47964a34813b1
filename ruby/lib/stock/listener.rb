# frozen_string_literal: true

require 'socket'
require 'stock/about'
require 'stock/headers'
require 'stock/health'
require 'stock/reflection'
require 'stock/server'
require 'stock/service'

module Stock
  # The endpoint cannot be bound; the message is one line for a person.
  class BindError < StandardError; end

  # Where and how to listen. `port` 0 is any free one; without `credentials` it is plaintext.
  Binding = Struct.new(:host, :port, :security, :credentials, :max_receive_bytes, keyword_init: true)

  # One listening socket with every service behind it. Accepts connections from `new`, which raises BindError, until
  # `drain`.
  class Listener
    SERVICES = [KvService, StockService].map(&:service_name).freeze
    # Calls that outlive the grace are cancelled; seconds for their peers to be told.
    FAREWELL_SECONDS = 0.3

    attr_reader :port

    def initialize(binding, stores, directives = nil)
      @service = StockService.new(stores, Description.now(VERSION, describe(binding.security)))
      @health = Health.new(SERVICES)
      @reflection = Reflection.new([*SERVICES, Health.service_name])
      @server = Server.new(options(binding.max_receive_bytes), directives)
      [@service, KvService.new(stores), @health, *@reflection.handlers].each { |handler| @server.handle(handler) }
      @address = literal(binding.host)
      @port = bind(binding)
      @server.start
    end

    # The address bound, as a literal.
    def endpoint = with_port(@port)

    # Stops listening and ends the calls, those still running after the grace by force. Blocks until then.
    def drain(grace_seconds)
      @health.drain
      stopped = Thread.new { @server.stop(grace_seconds) }
      @service.drain
      @reflection.drain
      @server.wait_until_idle(grace_seconds + FAREWELL_SECONDS)
      # The library would also wait for connections without calls, whose peers may do what they like.
      stopped.join(FAREWELL_SECONDS)
    end

    private

    # The library's limits; docs/reference/service.md, life of a server.
    def options(max_receive_bytes)
      {
        'grpc.so_reuseport' => 0,
        'grpc.max_receive_message_length' => max_receive_bytes,
        'grpc.max_concurrent_streams' => 100,
        # At its own limit the library ends the connection under all its calls; `Server` has that of the service.
        'grpc.max_metadata_size' => 2 * Headers::MAX_BYTES,
        'grpc.server_handshake_timeout_ms' => 10_000
      }
    end

    def describe(security)
      {
        'language' => About::LANGUAGE,
        'library' => About::LIBRARY,
        'runtime' => About::RUNTIME,
        'security' => security,
        'tls_stack' => About::TLS_STACK,
        'transport' => About::TRANSPORT
      }
    end

    def literal(host)
      Addrinfo.getaddrinfo(host, nil, nil, :STREAM).first.ip_address
    rescue SocketError => e
      raise BindError, "cannot bind #{host}: #{e.message}"
    end

    def with_port(port) = @address.include?(':') ? "[#{@address}]:#{port}" : "#{@address}:#{port}"

    def bind(binding)
      # Asked first: the library prints its refusal in lines of its own.
      TCPServer.new(@address, binding.port).close
      @server.bind(with_port(binding.port), binding.credentials || :this_port_is_insecure)
    rescue SystemCallError, RuntimeError
      raise BindError, "cannot bind #{with_port(binding.port)}: taken, or not an address of this machine"
    end
  end
end
