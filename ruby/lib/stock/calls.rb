# frozen_string_literal: true

require 'grpc'
require 'grpc/health/v1/health_services_pb'
require 'proto/kv_services_pb'
require 'proto/session_services_pb'
require 'proto/stock_services_pb'
require 'stock/headers'

module Stock
  # Where a server is and how to reach it. Without `credentials` it is plaintext. `target` is `host:port`, or a URI of
  # gRPC's naming document; `server_name` is what the certificate is verified against and what is sent as SNI and
  # authority, empty for the host.
  Endpoint = Struct.new(:target, :credentials, :server_name, :max_receive_bytes, keyword_init: true)

  # The stubs over connections of their own. Nothing is dialled before the first call. Whoever opens it closes it.
  class Channel
    # The library takes no "wait for ready" of a call, but of a method in the channel's service config.
    WAIT_FOR_READY = { 'grpc.service_config' => '{"methodConfig": [{"name": [{}], "waitForReady": true}]}' }.freeze

    # `options` are channel arguments besides those that every channel has.
    def initialize(endpoint, options = {})
      @endpoint = endpoint
      @options = options
      @lock = Mutex.new
      @cores = {}
    end

    # The stub of a generated service.
    def stub(service)
      service.rpc_stub_class.new(@endpoint.target, :this_channel_is_insecure, channel_override: core)
    end

    def stock = @stock ||= stub(Tofusoup::Stock::Stock::Service)

    def kv = @kv ||= stub(Proto::KV::Service)

    def health = @health ||= stub(Grpc::Health::V1::Health::Service)

    # The library's own channel; one that waits for a connection is another.
    def core(wait_for_ready: false)
      @lock.synchronize do
        @cores[wait_for_ready] ||= GRPC::Core::Channel.new(
          @endpoint.target, wait_for_ready ? options.merge(WAIT_FOR_READY) : options,
          @endpoint.credentials || :this_channel_is_insecure
        )
      end
    end

    # Closes the connections.
    def close = @lock.synchronize { @cores.each_value(&:close) }

    private

    # What the library needs to be told for connections that are ours alone.
    def options
      options = {
        'grpc.primary_user_agent' => "grpc-ruby/#{GRPC::VERSION}",
        'grpc.max_receive_message_length' => @endpoint.max_receive_bytes,
        # The library's own limit is 8 KiB.
        'grpc.max_metadata_size' => Headers::MAX_BYTES,
        'grpc.use_local_subchannel_pool' => 1,
        'grpc.enable_http_proxy' => 0,
        # Windows that grow would hold megabytes which nobody has asked for; loopback is fast without.
        'grpc.http2.bdp_probe' => 0,
        # gRPC's own first wait is 1 s: a server of a test comes up sooner.
        'grpc.initial_reconnect_backoff_ms' => 50
      }
      options.merge(@endpoint.server_name.to_s.empty? ? {} : naming, @options)
    end

    def naming
      override = @endpoint.credentials ? { GRPC::Core::Channel::SSL_TARGET => @endpoint.server_name } : {}
      override.merge('grpc.default_authority' => @endpoint.server_name)
    end
  end
end
