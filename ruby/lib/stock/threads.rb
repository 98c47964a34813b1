# frozen_string_literal: true

module Stock
  # A thread for each block that runs, kept for the next one. Bounding them is the caller's.
  class Threads
    def initialize
      @lock = Mutex.new
      @idle = []
    end

    # Runs a block at once, in an idle thread or a new one. The block handles its own faults: what it raises ends its
    # thread.
    def run(&block)
      inbox = @lock.synchronize { @idle.pop } || start
      inbox << block
    end

    private

    def start
      inbox = Queue.new
      Thread.new { work(inbox) }
      inbox
    end

    def work(inbox)
      loop do
        inbox.pop.call
        @lock.synchronize { @idle << inbox }
      end
    end
  end
end
