# frozen_string_literal: true

require 'stock/session/frames'

module Stock
  module Session
    # Writes a session's events: what is ready together leaves in one write.
    #
    # A thread that finds another one writing leaves its events to that one; a thread for writing alone would cost every
    # event two changes of threads.
    class Output
      # Takes standard output away from everything else in the process, for frames alone.
      def self.take
        output = $stdout.dup
        $stdout.reopen($stderr)
        new(output)
      end

      def initialize(output)
        @output = output
        @output.binmode
        @output.sync = true
        @sources = Queue.new
        @writing = Mutex.new
      end

      # Writes an event.
      def send_event(event) = push(-> { [event] })

      # Asks a source for the events that are ready by the time they can be written, once, and writes them.
      def push(source)
        @sources << source
        # Whoever writes looks again after giving way, so that nothing stays behind.
        until @sources.empty? || !@writing.try_lock
          begin
            write
          ensure
            @writing.unlock
          end
        end
      end

      # Waits until what has been pushed is written, at most some seconds.
      def close(seconds)
        Thread.new { @writing.lock }.join(seconds)
      end

      private

      def write
        frames = String.new(encoding: Encoding::BINARY)
        @sources.pop.call.each { |event| frames << Frames.encode(event) } until @sources.empty?
        @output.write(frames) unless frames.empty?
      rescue Errno::EPIPE
        nil # a runner that is gone needs no events; the end of standard input ends the session
      end
    end
  end
end
