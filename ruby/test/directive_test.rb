# frozen_string_literal: true

require 'minitest'
require 'peers'
require 'timeout'

class DirectiveTest < Minitest::Test
  include Peers
  include Tofusoup::Stock

  def setup
    @observed = Queue.new
    directives = ::Stock::Directives.new { |*observed| @observed << observed }
    @stub = channel(listen(directives:)).stock
  end

  # Metadata with a directive of these fields.
  def directed(**fields)
    { ::Stock::Directives::KEY => Session::Directive.encode(Session::Directive.new(**fields)) }
  end

  def metadata(*pairs)
    Session::Metadata.new(entries: pairs.map { |name, value| Session::Header.new(name:, value: value.b) })
  end

  def put(**fields) = @stub.put(PutRequest.new(key: 'k', value: 'v'), metadata: directed(**fields), deadline:)

  def keys = @stub.inventory(InventoryRequest.new, deadline:).total_items

  def test_a_store_of_its_own
    put(store: 'other')

    assert_equal 0, keys
    assert_status(5) { @stub.get(GetRequest.new(key: 'k'), deadline:) }
    assert_equal 'v', @stub.get(GetRequest.new(key: 'k'), metadata: directed(store: 'other'), deadline:).value
  end

  def test_headers_and_trailers
    values = [%w[x-a 1], ['x-b-bin', "\xFF\0"], %w[x-a 2]]
    operation = @stub.put(
      PutRequest.new(key: 'k'), return_op: true, deadline:,
                                metadata: directed(headers: metadata(*values), trailers: metadata(*values))
    )
    operation.execute

    [operation.metadata, operation.trailing_metadata].each do |got|
      assert_equal({ 'x-a' => %w[1 2], 'x-b-bin' => "\xFF\0".b }, got.slice('x-a', 'x-b-bin'))
    end
  end

  def test_failures_take_the_place_of_the_handler
    failure = Session::Fail.new(code: 10, message: 'enough: ä', details: "\x08\x0A")
    error = assert_raises(GRPC::BadStatus) { put(fail: failure, trailers: metadata(%w[x-t 1])) }

    assert_equal [10, 'enough: ä', "\x08\x0A".b], [error.code, error.details.force_encoding('UTF-8'),
                                                   error.metadata['grpc-status-details-bin']]
    assert_equal '1', error.metadata['x-t']
    assert_equal 0, keys
  end

  def test_failures_after_some_messages
    orders = Array.new(3) { TradeOrder.new(type: :BUY, symbol: 'acme', quantity: 1) }
    fills = []
    fail_two = directed(fail: Session::Fail.new(code: 9, message: 'two', after: 2), tag: 'trade')
    assert_status(9, 'two') { @stub.trade(orders, metadata: fail_two, deadline:) { |fill| fills << fill } }
    items = %w[a b c].map { |key| BatchItem.new(key:) }
    assert_status(9, 'two') { @stub.batch(items, metadata: fail_two, deadline:) }

    assert_equal 2, fills.size
    assert_equal 2, keys
    assert_equal([2, 2], take(@observed).last.to_h.values_at(:messages_read, :messages_sent))
  end

  def test_what_does_not_decode_or_is_no_failure_is_a_bad_directive
    assert_status(3, 'bad directive') do
      @stub.put(PutRequest.new(key: 'k'), metadata: { ::Stock::Directives::KEY => "\xFF" }, deadline:)
    end
    assert_status(3, 'bad directive') { put(fail: Session::Fail.new(code: 17)) }
    assert_status(3, 'bad directive') { put(fail: Session::Fail.new) }
  end

  def test_a_thrown_exception_tells_nothing
    _, log = capture_subprocess_io { assert_status(2, 'handler failed') { put(throw: true) } }

    assert_includes log, 'thrown for a directive'
    assert_equal 0, keys
  end

  def test_metadata_that_cannot_be_sent_ends_the_call
    _, log = capture_subprocess_io { assert_status(2, 'handler failed') { put(headers: metadata(%W[x-a \n])) } }

    assert_includes log, 'invalid characters'
  end

  def test_observation_of_a_call
    put(tag: 'seen')
    tag, observation = take(@observed)

    assert_equal 'seen', tag
    assert_equal [1, 1, false], [observation.messages_read, observation.messages_sent, observation.cancelled]
    assert_in_delta PATIENCE, observation.deadline_ns / 1e9, 1
    assert_includes observation.metadata.entries.map(&:name), ::Stock::Directives::KEY
  end

  def test_a_deadline_frees_the_handler_of_a_delayed_call
    late = { metadata: directed(tag: 'late', delay_ms: 60_000), deadline: Time.now + 0.2 }
    assert_status(4) { @stub.put(PutRequest.new(key: 'k'), **late) }
    _, observation = take(@observed)

    assert_equal [true, 0], [observation.cancelled, observation.messages_sent]
    assert_equal 0, keys
  end

  def test_without_conformance_mode_a_directive_means_nothing
    stub = channel(listen).stock
    stub.put(PutRequest.new(key: 'k'), metadata: directed(throw: true), deadline:)

    assert_equal 1, keys
  end
end
