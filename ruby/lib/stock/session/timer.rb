# frozen_string_literal: true

module Stock
  module Session
    # Runs blocks at their times, in one thread of its own. A block does not wait.
    class Timer
      def initialize
        @lock = Mutex.new
        @changed = ConditionVariable.new
        @entries = []
        Thread.new { loop { take.call } }
      end

      # Runs a block some seconds from now.
      def after(seconds, &block)
        time = now + seconds
        @lock.synchronize do
          place = @entries.bsearch_index { |entry| entry.first > time } || @entries.size
          @entries.insert(place, [time, block])
          @changed.signal
        end
      end

      private

      # The next block, when its time has come.
      def take
        @lock.synchronize do
          loop do
            left = @entries.empty? ? nil : @entries.first.first - now
            return @entries.shift.last if left && left <= 0

            @changed.wait(@lock, left)
          end
        end
      end

      def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end
  end
end
