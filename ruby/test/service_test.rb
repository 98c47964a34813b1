# frozen_string_literal: true

require 'minitest'
require 'stock/service'

class ServiceTest < Minitest::Test
  include Tofusoup::Stock

  # A call as far as handlers see it.
  class FakeCall
    attr_accessor :requests
    attr_reader :events

    def initialize(requests = [])
      @requests = requests
      @events = []
    end

    def store_name = ''
    def each_remote_read(&) = @requests.each(&)
    def send_initial_metadata = @events << :headers
    def on_end(&block) = @end = block
    def finish = @end.call
  end

  def setup
    @stores = ::Stock::Stores.new
    @service = ::Stock::StockService.new(@stores, ::Stock::Description.now('1.2', { 'language' => 'ruby' }))
    @kv = ::Stock::KvService.new(@stores)
    @call = FakeCall.new
  end

  def put(key, value = '') = @service.put(PutRequest.new(key:, value:), @call)

  def assert_status(expected, message, &)
    error = assert_raises(expected, &)
    assert_equal message, error.details
  end

  def test_both_services_share_the_store
    put('k', 'v')

    assert_equal 'v', @kv.get(Proto::GetRequest.new(key: 'k'), @call).value
    @kv.put(Proto::PutRequest.new(key: 'k', value: 'w'), @call)
    assert_equal 'w', @service.get(GetRequest.new(key: 'k'), @call).value
  end

  def test_refusals_of_the_store_are_statuses
    invalid = 'invalid key: 1 to 1024 bytes of UTF-8 without NUL'

    assert_status(GRPC::NotFound, 'key not found: k') { @service.get(GetRequest.new(key: 'k'), @call) }
    assert_status(GRPC::NotFound, 'key not found: k') { @service.delete(DeleteRequest.new(key: 'k'), @call) }
    assert_status(GRPC::NotFound, 'key not found: k') { @kv.get(Proto::GetRequest.new(key: 'k'), @call) }
    assert_status(GRPC::InvalidArgument, invalid) { put('') }
    assert_status(GRPC::InvalidArgument, invalid) { @kv.put(Proto::PutRequest.new, @call) }
    assert_status(GRPC::InvalidArgument, invalid) { @service.monitor(WatchRequest.new(key_prefix: "\0"), @call) }
  end

  def test_inventory_counts_and_describes
    put('k', 'four')
    status = @service.inventory(InventoryRequest.new, @call)

    assert_equal [1, 4, 0, '1.2'],
                 [status.total_items, status.total_bytes, status.uptime_seconds, status.server_version]
    assert_equal({ 'language' => 'ruby' }, status.metadata.to_h)
  end

  def test_batch_counts_what_it_refuses
    items = [%w[a 12], ['', '345'], %w[a 6]].map { |key, value| BatchItem.new(key:, value:) }
    summary = @service.batch(FakeCall.new(items))

    assert_equal BatchSummary.new(total_items: 3, successful: 2, failed: 1, bytes_written: 3), summary
    assert_equal BatchSummary.new, @service.batch(FakeCall.new)
  end

  def test_trade_answers_each_order_as_it_is_read
    orders = Enumerator.new do |out|
      out << TradeOrder.new(type: :BUY, symbol: 'acme', quantity: 5)
      raise 'the second order is read before the first is answered' unless @answered

      out << TradeOrder.new(type: 9, symbol: 'acme')
    end
    fills = []
    @service.trade(orders, @call).each do |fill|
      @answered = true
      fills << [fill.success, fill.symbol, fill.quantity_filled, fill.message]
    end

    assert_equal [[true, 'acme', 5, 'bought'], [false, 'acme', 0, 'unknown order type: 9']], fills
  end

  def test_monitor_subscribes_before_it_sends_metadata
    store = @stores['']
    @call.define_singleton_method(:send_initial_metadata) { store.put('k', 'v') }
    events = @service.monitor(WatchRequest.new, @call)
    @service.drain
    received = []

    assert_status(GRPC::Unavailable, 'server shutting down') { events.each { |event| received << event } }
    assert_equal([[:PUT, 'k', 'v']], received.map { |event| [event.type, event.key, event.value] })
  end

  def test_a_slow_subscriber_is_told
    events = @service.monitor(WatchRequest.new, @call)
    1025.times { put('k') }

    assert_status(GRPC::ResourceExhausted, 'subscriber too slow') { events.each { |_| flunk } }
  end

  def test_the_end_of_a_call_ends_its_subscription
    events = @service.monitor(WatchRequest.new, @call)
    @call.finish
    put('k')

    assert_raises(GRPC::Unavailable) { events.each { |_| flunk } }
  end

  def test_a_monitor_that_begins_while_it_drains_ends
    @service.drain

    assert_status(GRPC::Unavailable, 'server shutting down') do
      @service.monitor(WatchRequest.new, @call).each do
        flunk
      end
    end
  end
end
