# frozen_string_literal: true

module Stock
  # The events of one subscriber, in the order of commit. Whoever subscribed closes it, from any thread.
  class Subscription
    include Enumerable

    QUEUE_EVENTS = 1024

    # `forget` is told when it closes.
    def initialize(prefix, forget)
      @prefix = prefix
      @forget = forget
      @lock = Mutex.new
      @changed = ConditionVariable.new
      @events = []
      @open = true
      @too_slow = false
    end

    # Whether an event has found the queue full, which ended it.
    def too_slow? = @too_slow

    # Queues an event that matches. The one that finds the queue full ends the subscription instead.
    def offer(event)
      return if @too_slow || !event.key.start_with?(@prefix)

      @lock.synchronize do
        if @events.size == QUEUE_EVENTS
          @too_slow = true
          @events.clear
        else
          @events << event
        end
        @changed.signal
      end
    end

    # Ends it: the store forgets it, and `each` stops after what is queued.
    def close
      @forget.call(self)
      @lock.synchronize do
        @open = false
        @changed.signal
      end
    end

    # Yields each event, waiting for the next, until the end.
    def each
      while (event = take)
        yield event
      end
    end

    private

    def take
      @lock.synchronize do
        @changed.wait(@lock) while @open && !@too_slow && @events.empty?
        @events.shift
      end
    end
  end
end
