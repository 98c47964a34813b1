# frozen_string_literal: true

require 'proto/kv_services_pb'
require 'proto/stock_services_pb'
require 'stock/store'

module Stock
  # What Inventory tells of the server beside its totals; `started` is in seconds of the monotonic clock.
  Description = Struct.new(:version, :metadata, :started) do
    def self.now(version, metadata)
      new(version, metadata, Process.clock_gettime(Process::CLOCK_MONOTONIC))
    end

    def uptime_seconds = (Process.clock_gettime(Process::CLOCK_MONOTONIC) - started).to_i
  end

  # The statuses that belong to a store's refusal of a key.
  module KeyErrors
    private

    def with_key_errors
      yield
    rescue InvalidKeyError => e
      raise GRPC::InvalidArgument, e.message
    rescue MissingKeyError => e
      raise GRPC::NotFound, e.message
    end
  end

  # Handlers of Stock. One object serves one listener; `drain` ends what would never end by itself.
  class StockService < Tofusoup::Stock::Stock::Service
    include KeyErrors
    include Tofusoup::Stock

    def initialize(stores, description)
      super()
      @stores = stores
      @description = description
      @lock = Mutex.new
      @monitors = []
      @draining = false
    end

    # Ends every Monitor stream, and those that still begin, with UNAVAILABLE.
    def drain
      monitors = @lock.synchronize do
        @draining = true
        @monitors.dup
      end
      monitors.each(&:close)
    end

    def get(request, call)
      with_key_errors { GetResponse.new(value: store(call).get(request.key)) }
    end

    def put(request, call)
      with_key_errors { store(call).put(request.key, request.value) }
      Empty.new
    end

    def delete(request, call)
      with_key_errors { store(call).delete(request.key) }
      Empty.new
    end

    def inventory(_request, call)
      totals = store(call).totals
      InventoryStatus.new(
        total_items: totals.items,
        total_bytes: totals.bytes,
        uptime_seconds: @description.uptime_seconds,
        server_version: @description.version,
        metadata: @description.metadata
      )
    end

    def monitor(request, call)
      subscription = with_key_errors { store(call).subscribe(request.key_prefix) }
      begin_monitor(subscription, call)
      Enumerator.new { |events| relay(subscription, events) }
    end

    def batch(call)
      summary = BatchSummary.new
      call.each_remote_read { |item| apply(item, summary, store(call)) }
      summary
    end

    def trade(orders, call)
      orders.lazy.map { |order| fill(order, store(call).trade(order.type, order.symbol, order.quantity)) }
    end

    private

    def store(call) = @stores[call.store_name]

    def begin_monitor(subscription, call)
      draining = @lock.synchronize do
        @monitors << subscription
        @draining
      end
      subscription.close if draining
      call.on_end { end_monitor(subscription) }
      # Only now: whoever has seen the metadata misses no later change.
      call.send_initial_metadata
    end

    def end_monitor(subscription)
      subscription.close
      @lock.synchronize { @monitors.delete(subscription) }
    end

    def relay(subscription, events)
      subscription.each { |event| events << event_message(event) }
      raise GRPC::ResourceExhausted, 'subscriber too slow' if subscription.too_slow?

      raise GRPC::Unavailable, 'server shutting down'
    end

    def event_message(event)
      WatchEvent.new(type: event.change, key: event.key, value: event.value, timestamp: event.timestamp)
    end

    def apply(item, summary, store)
      summary.total_items += 1
      store.put(item.key, item.value)
      summary.successful += 1
      summary.bytes_written += item.value.bytesize
    rescue InvalidKeyError
      summary.failed += 1
    end

    def fill(order, fill)
      TradeFill.new(
        success: fill.success,
        symbol: order.symbol,
        quantity_filled: fill.quantity,
        message: fill.message,
        timestamp: fill.timestamp
      )
    end
  end

  # Handlers of the older KV service.
  class KvService < Proto::KV::Service
    include KeyErrors

    def initialize(stores)
      super()
      @stores = stores
    end

    def get(request, call)
      with_key_errors { Proto::GetResponse.new(value: @stores[call.store_name].get(request.key)) }
    end

    def put(request, call)
      with_key_errors { @stores[call.store_name].put(request.key, request.value) }
      Proto::Empty.new
    end
  end
end
