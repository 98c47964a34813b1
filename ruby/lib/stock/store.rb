# frozen_string_literal: true

require 'stock/store/key'
require 'stock/store/positions'
require 'stock/store/subscription'

module Stock
  # One commit: `change` is :PUT or :DELETE, `timestamp` Unix nanoseconds, strictly increasing within a store.
  Event = Struct.new(:change, :key, :value, :timestamp)

  # Keys in a store and the bytes of their values, at one instant.
  Totals = Struct.new(:items, :bytes)

  # Values under keys, a position per symbol, and the subscribers to the changes. Safe for threads.
  class Store
    # `clock` gives Unix nanoseconds.
    def initialize(clock = -> { Process.clock_gettime(Process::CLOCK_REALTIME, :nanosecond) })
      @clock = clock
      @lock = Mutex.new
      @last_tick = 0
      @values = {}
      @bytes = 0
      @positions = Positions.new
      @subscriptions = []
    end

    # The value of a key. Raises InvalidKeyError, MissingKeyError.
    def get(key)
      Key.check(key)
      @lock.synchronize { @values.fetch(key) { raise MissingKeyError, key } }
    end

    # Stores a value and publishes the change. Raises InvalidKeyError.
    def put(key, value)
      Key.check(key)
      @lock.synchronize do
        @bytes += value.bytesize - @values.fetch(key, '').bytesize
        @values[key] = value
        publish(:PUT, key, value)
      end
    end

    # Removes a key and publishes the change. Raises InvalidKeyError, MissingKeyError.
    def delete(key)
      Key.check(key)
      @lock.synchronize do
        @bytes -= @values.fetch(key) { raise MissingKeyError, key }.bytesize
        @values.delete(key)
        publish(:DELETE, key, '')
      end
    end

    # Counts keys and the bytes of their values.
    def totals
      @lock.synchronize { Totals.new(@values.size, @bytes) }
    end

    # Subscribes to every later change whose key starts with `prefix`; whoever subscribes closes the subscription.
    # Raises InvalidKeyError.
    def subscribe(prefix)
      Key.check(prefix) unless prefix.empty?
      subscription = Subscription.new(prefix, method(:forget))
      @lock.synchronize { @subscriptions << subscription }
      subscription
    end

    # Carries out one order, or refuses it, as one step; `type` is :BUY, :SELL, :QUERY or an unknown number.
    def trade(type, symbol, quantity)
      @lock.synchronize { @positions.trade(type, symbol, quantity, tick) }
    end

    private

    def tick
      @last_tick = [@clock.call, @last_tick + 1].max
    end

    def publish(change, key, value)
      event = Event.new(change, key, value, tick)
      @subscriptions.each { |subscription| subscription.offer(event) }
    end

    def forget(subscription)
      @lock.synchronize { @subscriptions.delete(subscription) }
    end
  end

  # The stores of a process by name; the default one has the empty name. A store is made when first named.
  class Stores
    def initialize
      @lock = Mutex.new
      @stores = {}
    end

    # The store of a name.
    def [](name)
      @lock.synchronize { @stores[name] ||= Store.new }
    end

    # Drops stores; a name without one is fine. A call that still uses one keeps it to its end.
    def forget(names)
      @lock.synchronize { names.each { |name| @stores.delete(name) } }
    end
  end
end
