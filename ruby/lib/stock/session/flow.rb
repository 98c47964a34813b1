# frozen_string_literal: true

require 'stock/session/common'

module Stock
  module Session
    # The requests of a call: a thread takes them one by one, as the library can send them.
    class Requests
      def initialize(requests, closed:)
        @lock = Mutex.new
        @changed = ConditionVariable.new
        @waiting = requests.to_a
        @closed = closed
        @over = false
      end

      # Queues requests. Raises CommandError where they have ended.
      def add(requests)
        change { @waiting.concat(requests) }
      end

      # Ends the requests after those queued. Raises CommandError where they have ended.
      def close
        change { @closed = true }
      end

      # Ends them at once, as the call has; how many were not taken.
      def finish
        @lock.synchronize do
          @over = true
          @changed.signal
          @waiting.size
        end
      end

      # Yields each request, waiting for the next, until the end; whether they were closed.
      def each
        while (request = take)
          yield request
        end
        !@over
      end

      private

      def change
        @lock.synchronize do
          raise CommandError, 'call: its requests have ended' if @closed

          yield
          @changed.signal
        end
      end

      def take
        @lock.synchronize do
          @changed.wait(@lock) until @over || @closed || @waiting.any?
          @waiting.shift unless @over
        end
      end
    end

    # How many responses may still be read.
    class Credit
      def initialize(credit)
        @lock = Mutex.new
        @changed = ConditionVariable.new
        @left = credit.zero? ? Float::INFINITY : credit
        @over = false
      end

      # Allows more; 0 stands for all.
      def add(credit)
        @lock.synchronize do
          @left += credit.zero? ? Float::INFINITY : credit
          @changed.signal
        end
      end

      # Lets go who waits, as the call has ended.
      def finish
        @lock.synchronize do
          @over = true
          @changed.signal
        end
      end

      # Waits until a response may be read; whether one may, or the call has ended before.
      def take
        @lock.synchronize do
          @changed.wait(@lock) while @left.zero? && !@over
          @left.positive? && (@left -= 1)
        end
      end
    end
  end
end
