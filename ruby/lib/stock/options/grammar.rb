# frozen_string_literal: true

module Stock
  # A command line that breaks the grammar; the message is one line that names what breaks it.
  class UsageError < StandardError; end

  # The command line's grammar, the same in every language: a table of flags in, values and arguments out.
  #
  # Not optparse: it takes a single dash for a flag, so that `-5` would not be an argument, and one letter more makes
  # another flag of it. docs/reference/programs.md is exact.
  module Grammar
    # One flag. Without `convert` it takes no value; `convert` raises ArgumentError with what is expected.
    Flag = Struct.new(:name, :help, :convert, :value_name, :default) do
      # One line for the usage.
      def usage
        head = "  --#{name} #{value_name}".rstrip.ljust(26)
        default.nil? ? "#{head} #{help}" : "#{head} #{help} (default #{default})"
      end
    end

    # A command line taken apart: the values of the flags given by name, and the arguments, in order.
    Parsed = Struct.new(:given, :arguments)

    # Conversions of values, each from a word.
    TEXT = lambda do |word|
      raise ArgumentError, 'a value that is not empty' if word.empty?

      word
    end

    ENDPOINT = lambda do |word|
      match = /\A(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(?<port>[0-9]{1,5})\z/.match(word.scrub)
      raise ArgumentError, 'HOST:PORT' unless match && (1..65_535).cover?(match[:port].to_i)

      word
    end

    SECONDS = lambda do |word|
      raise ArgumentError, 'seconds like 5 or 0.25' unless word.match?(/\A[0-9]{1,9}(\.[0-9]{1,9})?\z/)

      word.to_f
    end

    module_function

    # Takes a command line apart. Raises UsageError.
    def parse(flags, argv)
      table = flags.to_h { |flag| [flag.name, flag] }
      parsed = Parsed.new({}, [])
      words = argv.map(&:b)
      while (word = words.shift)
        next parsed.arguments.concat(words.slice!(0..)) if word == '--'
        next parsed.arguments << word unless word.start_with?('--')

        take_flag(table, word, words, parsed.given)
      end
      parsed
    end

    # Converts a decimal number in a range.
    def integer(range, what)
      lambda do |word|
        raise ArgumentError, what unless word.match?(/\A[0-9]{1,19}\z/) && range.cover?(word.to_i)

        word.to_i
      end
    end

    # Converts one of some words, to what it stands for.
    def choice(values, what)
      ->(word) { values.fetch(word) { raise ArgumentError, what } }
    end

    # A word of the command line for a message: what is not UTF-8 is replaced.
    def printable(word) = word.dup.force_encoding(Encoding::UTF_8).scrub

    # As `printable`, between quotes and with its control characters escaped.
    def shown(word) = printable(word).inspect

    def take_flag(table, word, words, given)
      name, attached = word.delete_prefix('--').split('=', 2)
      flag = table.fetch(name.to_s) { raise UsageError, "unknown flag: --#{printable(name.to_s)}" }
      given[flag.name] = flag.convert ? convert(flag, attached || words.shift) : present(flag, attached)
    end
    private_class_method :take_flag

    def present(flag, attached)
      raise UsageError, "--#{flag.name} takes no value" if attached

      true
    end
    private_class_method :present

    def convert(flag, word)
      raise UsageError, "--#{flag.name} needs a value" unless word

      flag.convert.call(word.dup.force_encoding(Encoding::UTF_8))
    rescue ArgumentError => e
      raise UsageError, "--#{flag.name}: #{shown(word)} given, #{e.message} expected"
    end
    private_class_method :convert
  end
end
