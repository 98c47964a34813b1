# frozen_string_literal: true

require 'proto/session_pb'

module Stock
  module Session
    # Standard input is not a stream of frames; the message is one line for a person.
    class FrameError < StandardError; end

    # Frames of the session protocol: 4 bytes of length, big-endian, then one message.
    module Frames
      MAX_BYTES = 16 * 1024 * 1024
      HEAD_BYTES = 4
      CHUNK_BYTES = 1 << 16

      module_function

      # One frame.
      def encode(event)
        body = Tofusoup::Stock::Session::Event.encode(event)
        [body.bytesize].pack('N') << body
      end

      # Yields the commands read from a stream until its end. Raises FrameError.
      def each_command(input, &)
        decoder = Decoder.new
        loop { decoder.feed(input.readpartial(CHUNK_BYTES), &) }
      rescue EOFError
        decoder.finish
      end
    end

    # Commands out of chunks of bytes, however these are cut.
    class Decoder
      def initialize
        @rest = String.new(encoding: Encoding::BINARY)
      end

      # Yields the commands that a chunk completes. Raises FrameError.
      def feed(chunk)
        @rest << chunk
        while (body = next_body)
          yield decode(body)
        end
      end

      # To be called at the end of the input. Raises FrameError in the middle of a frame.
      def finish
        raise FrameError, 'standard input ends within a frame' unless @rest.empty?
      end

      private

      def next_body
        size = @rest.unpack1('N') or return
        raise FrameError, "a frame of #{size} bytes; at most #{Frames::MAX_BYTES}" if size > Frames::MAX_BYTES
        return if @rest.bytesize < Frames::HEAD_BYTES + size

        @rest.slice!(0, Frames::HEAD_BYTES + size).byteslice(Frames::HEAD_BYTES, size)
      end

      def decode(body)
        Tofusoup::Stock::Session::Command.decode(body)
      rescue Google::Protobuf::ParseError
        raise FrameError, 'a frame does not decode as a Command'
      end
    end
  end
end
