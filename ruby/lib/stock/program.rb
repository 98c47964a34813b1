# frozen_string_literal: true

module Stock
  # How a program begins and ends: its standard streams, its exit code.
  module Program
    OK = 0
    USAGE = 2
    INTERNAL = 4

    module_function

    # Runs a program, a block that takes the command line and gives the exit code, and ends the process with it.
    # The interpreter's own end would wait for every thread, whatever a peer does to it.
    def main(&)
      exit!(code_of(&))
    end

    def code_of
      code = yield ARGV
      $stdout.flush
      code
    rescue SystemCallError => e # of a standard stream: whoever opens a file handles its own
      tell("standard streams: #{e.class.new.message}")
      INTERNAL
    rescue StandardError => e
      tell("internal fault: #{e.full_message(highlight: false)}")
      INTERNAL
    end
    private_class_method :code_of

    # Prints a reason as one line on standard error, then what follows it.
    def tell(reason, *more)
      $stderr.write([one_line(reason), *more, ''].join("\n"))
    rescue SystemCallError, IOError
      nil # nobody reads it
    end

    # A text without the ends of lines that would make it several.
    def one_line(text) = text.gsub("\n", '\n').gsub("\r", '\r')

    # Prints what --help or --version asks for.
    def show(what, name, usage)
      return puts(usage) if what == 'help'

      require 'stock/about'
      puts "#{name} #{VERSION} #{About::LANGUAGE} #{About::LIBRARY}"
    end
  end
end
