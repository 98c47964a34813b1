# frozen_string_literal: true

require 'minitest'
require 'proto/stock_pb'
require 'stock/lines'

class LinesTest < Minitest::Test
  include Tofusoup::Stock

  def test_fields_are_escaped
    {
      'plain ä 😀' => 'plain ä 😀', "a\\\n\r\tb" => 'a\\\\\n\r\tb', "\0\x1F\x7F" => '\x00\x1F\x7F',
      "a\xFFb\xC3" => 'a\xFFb\xC3', '' => ''
    }.each { |field, escaped| assert_equal escaped, ::Stock::Lines.escape(field.b), field.inspect }
  end

  def test_events
    put = WatchEvent.new(type: :PUT, key: "a\tb", value: "\xFF".b, timestamp: 7)
    delete = WatchEvent.new(type: :DELETE, key: 'k', timestamp: 8)

    assert_equal "7\tPUT\ta\\tb\t\\xFF", ::Stock::Lines.event(put)
    assert_equal "8\tDELETE\tk", ::Stock::Lines.event(delete)
  end

  def test_fills
    bought = TradeFill.new(success: true, symbol: 'acme', quantity_filled: 5, message: 'bought')
    refused = TradeFill.new(symbol: "\n", message: "two\nlines")

    assert_equal "ok\tacme\t5\tbought", ::Stock::Lines.fill(bought)
    assert_equal "rejected\t\\n\t0\ttwo\\nlines", ::Stock::Lines.fill(refused)
  end

  def test_summary_and_inventory
    summary = BatchSummary.new(total_items: 3, successful: 2, failed: 1, bytes_written: 9)
    status = InventoryStatus.new(total_items: 1, total_bytes: 2, server_version: '1',
                                 metadata: { 'b' => '2', 'a' => "\n" })

    assert_equal 'total=3 successful=2 failed=1 bytes=9', ::Stock::Lines.summary(summary)
    assert_equal ['items=1', 'bytes=2', 'uptime_seconds=0', 'server_version=1', 'metadata.a=\n', 'metadata.b=2'],
                 ::Stock::Lines.inventory(status)
  end
end
