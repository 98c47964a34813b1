# frozen_string_literal: true

require 'proto/session_pb'
require 'stock/headers'

module Stock
  module Session
    # Collects what a call's library gave until it is written: what is ready together travels together. Safe for
    # threads.
    class Report
      # Responses' bytes at which a frame is full and the next one begins; far below the largest frame.
      FRAME_BYTES = 1 << 20

      def initialize(call, output)
        @call = call
        @output = output
        @started = now
        @lock = Mutex.new
        @frames = []
        @bytes = 0
      end

      # Adds the initial metadata.
      def headers(hash)
        headers = Headers.to_message(hash)
        add { |events| events.headers = headers }
      end

      # Adds a response of some size in bytes.
      def response(response, size)
        add(size) { |events| events.responses << response }
      end

      # Adds how the call ended; `status` is the library's Struct.
      def status(status, unsent = 0)
        message = Report.status_message(status, unsent)
        add { |events| events.status = message }
      end

      # Adds everything that a unary call gives, for one frame.
      def unary(headers, response, status)
        headers &&= Headers.to_message(headers)
        message = Report.status_message(status, 0)
        add do |events|
          events.headers = headers if headers
          events.responses << response if response
          events.status = message
        end
      end

      # How a call ended.
      def self.status_message(status, unsent)
        trailers = status.metadata.dup
        details = Array(trailers.delete(Headers::DETAILS_KEY)).first
        Tofusoup::Stock::Session::Status.new(
          code: status.code, message: status.details.dup.force_encoding(Encoding::UTF_8).scrub,
          trailers: Headers.to_message(trailers), details: details.to_s, unsent:
        )
      end

      private

      def add(size = 0)
        first = @lock.synchronize do
          first = @frames.empty?
          yield frame(size)
          first
        end
        @output.push(method(:take)) if first
      end

      # The frame to add to, which says that something is added now.
      def frame(size)
        if @frames.empty? || @bytes >= FRAME_BYTES
          @frames << Tofusoup::Stock::Session::Events.new(call: @call)
          @bytes = 0
        end
        @bytes += size
        @frames.last.at_ns = now - @started
        @frames.last
      end

      def take
        frames = @lock.synchronize do
          taken = @frames
          @frames = []
          taken
        end
        frames.map { |events| Tofusoup::Stock::Session::Event.new(events:) }
      end

      def now = Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond)
    end
  end
end
