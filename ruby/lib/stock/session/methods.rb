# frozen_string_literal: true

require 'proto/kv_services_pb'
require 'proto/session_services_pb'
require 'proto/stock_services_pb'
require 'stock/session/common'

module Stock
  module Session
    # One RPC: how its messages travel, by the generated service's description. `field` is its name in the oneofs of
    # requests and responses.
    class Method
      attr_reader :path

      def initialize(service, name, field)
        @desc = service.rpc_descs.fetch(name)
        @path = "/#{service.service_name}/#{name}"
        @field = field
        @marshal = @desc.marshal_proc
        @unmarshal = @desc.unmarshal_proc(:output)
      end

      def unary? = @desc.request_response?

      def sends_stream? = @desc.client_streamer? || @desc.bidi_streamer?

      def gives_stream? = @desc.server_streamer? || @desc.bidi_streamer?

      # Raises CommandError unless all requests are of the method's type.
      def check(requests)
        requests.each do |request|
          given = request.request
          raise CommandError, "requests: #{given} given, #{@field} expected" unless given == @field
        end
      end

      # The bytes of a request.
      def marshal(request) = @marshal.call(request[@field.to_s])

      # A response out of its bytes.
      def unmarshal(bytes)
        Tofusoup::Stock::Session::Response.new(@field => @unmarshal.call(bytes))
      end

      # All methods, by their names in `Rpc`.
      ALL = {
        RPC_GET: new(Tofusoup::Stock::Stock::Service, :Get, :get),
        RPC_PUT: new(Tofusoup::Stock::Stock::Service, :Put, :put),
        RPC_DELETE: new(Tofusoup::Stock::Stock::Service, :Delete, :delete),
        RPC_INVENTORY: new(Tofusoup::Stock::Stock::Service, :Inventory, :inventory),
        RPC_MONITOR: new(Tofusoup::Stock::Stock::Service, :Monitor, :monitor),
        RPC_BATCH: new(Tofusoup::Stock::Stock::Service, :Batch, :batch),
        RPC_TRADE: new(Tofusoup::Stock::Stock::Service, :Trade, :trade),
        RPC_KV_GET: new(Proto::KV::Service, :Get, :kv_get),
        RPC_KV_PUT: new(Proto::KV::Service, :Put, :kv_put),
        RPC_ABSENT_GET: new(Tofusoup::Stock::Session::Absent::Service, :Get, :get)
      }.freeze
    end
  end
end
