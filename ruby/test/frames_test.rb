# frozen_string_literal: true

require 'minitest'
require 'stock/session/frames'
require 'stringio'

class FramesTest < Minitest::Test
  include Tofusoup::Stock

  def frame(command)
    body = Session::Command.encode(command)
    [body.bytesize].pack('N') + body
  end

  def commands(bytes)
    found = []
    ::Stock::Session::Frames.each_command(StringIO.new(bytes)) { |command| found << command }
    found
  end

  def test_commands_however_they_are_cut
    sent = [Session::Command.new(id: 1), Session::Command.new(id: 2, forget: Session::Forget.new(stores: ['a' * 300]))]
    bytes = sent.map { |command| frame(command) }.join
    (1..bytes.bytesize).step(7) do |size|
      decoder = ::Stock::Session::Decoder.new
      found = []
      bytes.bytes.each_slice(size) { |chunk| decoder.feed(chunk.pack('C*')) { |command| found << command } }
      decoder.finish

      assert_equal sent, found, "chunks of #{size}"
    end
    assert_equal sent, commands(bytes)
    assert_empty commands('')
  end

  def test_what_is_no_frame_is_one_line
    {
      "\0\0" => 'standard input ends within a frame',
      "\0\0\0\2\x08" => 'standard input ends within a frame',
      "\1\0\0\1" => 'a frame of 16777217 bytes; at most 16777216',
      "\0\0\0\1\xFF" => 'a frame does not decode as a Command'
    }.each do |bytes, reason|
      assert_equal reason, assert_raises(::Stock::Session::FrameError) { commands(bytes.b) }.message
    end
  end

  def test_events_are_framed
    encoded = ::Stock::Session::Frames.encode(Session::Event.new(failure: Session::Failure.new(id: 3, reason: 'ä')))

    assert_equal encoded.bytesize - 4, encoded.unpack1('N')
    assert_equal 'ä', Session::Event.decode(encoded.byteslice(4..)).failure.reason
  end
end
