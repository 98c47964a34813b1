# frozen_string_literal: true

require 'open3'
require 'tmpdir'

# The two programs as processes.
module Programs
  PATIENCE = 20

  # How a program has ended.
  Ended = Struct.new(:code, :stdout, :stderr)

  # A program that runs.
  class Running
    attr_reader :stdin, :stdout

    def initialize(*command)
      @stdin, @stdout, @stderr, @thread = Open3.popen3(*command)
      @stdout.binmode
    end

    # The next line of standard output.
    def line = Timeout.timeout(PATIENCE) { @stdout.gets }

    def kill(signal) = Process.kill(signal, @thread.pid)

    # Waits for the end, with what was not read of the outputs.
    def wait
      Timeout.timeout(PATIENCE) do
        Ended.new(@thread.value.exitstatus, @stdout.read, @stderr.read)
      end
    end

    def stop
      kill('KILL') if @thread.alive?
      [@stdin, @stdout, @stderr].each(&:close)
    end
  end

  def teardown
    @running&.each(&:stop)
    super
  end

  # Starts a program, `STOCK_SERVER` or `STOCK_CLIENT`.
  def start(program, *arguments)
    running = Running.new(ENV.fetch(program), *arguments)
    (@running ||= []) << running
    running
  end

  # Runs a program to its end.
  def run_program(program, *arguments, stdin: '')
    running = start(program, *arguments)
    running.stdin.binmode.write(stdin)
    running.stdin.close
    running.wait
  end

  # The endpoint of a server's ready line.
  def endpoint(server)
    server.line.delete_prefix('Server listening on ').chomp
  end
end
