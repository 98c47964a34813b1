# frozen_string_literal: true

require 'minitest'
require 'stock/store'
require 'timeout'

class StoreTest < Minitest::Test
  INT32_MAX = (2**31) - 1

  def setup
    @store = Stock::Store.new
  end

  def test_values_are_stored_and_removed
    @store.put('k', 'one')
    @store.put('k', '')

    assert_equal '', @store.get('k')
    @store.delete('k')
    assert_equal 'key not found: k', assert_raises(Stock::MissingKeyError) { @store.get('k') }.message
    assert_raises(Stock::MissingKeyError) { @store.delete('k') }
  end

  def test_the_key_rule
    fine = ['a', 'ä' * 512, 'a' * 1024, '../x', '*', '__proto__', ' ', "e\u0301", "\u00e9"]
    fine.each { |key| @store.put(key, '') }

    assert_equal fine.size, @store.totals.items
    ['', 'a' * 1025, "#{'ä' * 512}a", "a\0b", "a\xFFb"].each do |key|
      assert_raises(Stock::InvalidKeyError, key) { @store.put(key, '') }
      assert_raises(Stock::InvalidKeyError, key) { @store.get(key) }
      assert_raises(Stock::InvalidKeyError, key) { @store.delete(key) }
      assert_raises(Stock::InvalidKeyError, key) { @store.subscribe(key) } unless key.empty?
    end
  end

  def test_totals_count_keys_and_bytes
    @store.put('a', 'four')
    @store.put('b', 'xyz')
    @store.put('a', 'x')
    @store.delete('b')

    assert_equal Stock::Totals.new(1, 1), @store.totals
  end

  def test_a_subscriber_gets_each_later_change_of_its_prefix_once_and_in_order
    @store.put('a/0', 'before')
    events = @store.subscribe('a/')
    @store.put('a/1', 'v')
    @store.put('b', 'other')
    @store.put('a/1', 'v')
    @store.delete('a/1')
    events.close

    expected = [[:PUT, 'a/1', 'v'], [:PUT, 'a/1', 'v'], [:DELETE, 'a/1', '']]
    assert_equal(expected, events.map { |event| [event.change, event.key, event.value] })
  end

  def test_timestamps_increase_whatever_the_clock_does
    times = [5, 5, 3, 9]
    store = Stock::Store.new(-> { times.shift })
    events = store.subscribe('')
    2.times { store.put('k', '') }
    fill = store.trade(:QUERY, 'acme', 0)
    store.put('k', '')
    events.close

    assert_equal [5, 6, 9], events.map(&:timestamp)
    assert_equal 7, fill.timestamp
  end

  def test_a_full_queue_ends_the_subscription_and_disturbs_no_other
    slow = @store.subscribe('')
    1024.times { |n| @store.put("k#{n}", '') }
    other = @store.subscribe('')
    refute_predicate slow, :too_slow?
    @store.put('last', '')
    other.close

    assert_predicate slow, :too_slow?
    assert_equal 0, slow.count
    assert_equal ['last'], other.map(&:key)
  end

  def test_a_waiting_subscriber_is_woken_by_events_and_by_the_end
    events = @store.subscribe('')
    keys = Queue.new
    reader = Thread.new { events.each { |event| keys << event.key } }
    @store.put('k', '')

    assert_equal('k', Timeout.timeout(10) { keys.pop })
    events.close
    assert reader.join(10), 'the reader goes on'
    @store.put('later', '')
    assert_empty keys
  end

  def test_orders_are_judged_in_the_order_of_the_table
    {
      [:BUY, '', 0] => [false, 0, 'invalid symbol'],
      [7, "a\0", 1] => [false, 0, 'invalid symbol'],
      [7, 'acme', 0] => [false, 0, 'unknown order type: 7'],
      [:QUERY, 'acme', -3] => [true, 0, 'position'],
      [:SELL, 'acme', 0] => [false, 0, 'quantity must be positive'],
      [:BUY, 'acme', -1] => [false, 0, 'quantity must be positive'],
      [:SELL, 'acme', 1] => [false, 0, 'insufficient position: have 0, want 1']
    }.each { |order, fill| assert_equal fill, @store.trade(*order).to_a.first(3), order.inspect }
  end

  def test_positions_stay_within_int32
    assert_equal [true, INT32_MAX, 'bought'], @store.trade(:BUY, 'acme', INT32_MAX).to_a.first(3)
    assert_equal [false, 0, 'position limit'], @store.trade(:BUY, 'acme', 1).to_a.first(3)
    assert_equal [true, 7, 'sold'], @store.trade(:SELL, 'acme', 7).to_a.first(3)
    assert_equal INT32_MAX - 7, @store.trade(:QUERY, 'acme', 0).quantity
    assert_equal 0, @store.trade(:QUERY, 'other', 0).quantity
  end

  def test_many_threads_lose_nothing
    threads = Array.new(8) do |n|
      Thread.new { 100.times { |k| [@store.put("#{n}/#{k}", 'x'), @store.trade(:BUY, 'acme', 1)] } }
    end
    threads.each(&:join)

    assert_equal Stock::Totals.new(800, 800), @store.totals
    assert_equal 800, @store.trade(:QUERY, 'acme', 0).quantity
  end

  def test_stores_are_worlds_of_their_own
    stores = Stock::Stores.new
    kept = stores['a']
    kept.put('k', '')

    assert_equal 0, stores['b'].totals.items
    assert_same kept, stores['a']
    stores.forget(%w[a nobody])
    assert_equal 0, stores['a'].totals.items
    assert_equal 1, kept.totals.items
  end
end
