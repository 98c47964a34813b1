# frozen_string_literal: true

require 'stock/options/grammar'

module Stock
  # What the command lines of both programs share.
  module Common
    RECEIVE_BYTES = 4 * 1024 * 1024
    FLAGS = [
      Grammar::Flag.new(
        'max-receive-bytes', 'largest message read, after decompression',
        Grammar.integer(1..(2**31) - 1, 'a positive number of bytes'), 'N', RECEIVE_BYTES
      ),
      Grammar::Flag.new('session', 'be driven by frames on standard input and output'),
      Grammar::Flag.new('help', 'print this and exit'),
      Grammar::Flag.new('version', 'print the version and exit')
    ].freeze

    module_function

    # 'help' or 'version' where it was asked for.
    def show(given) = %w[help version].find { |name| given.key?(name) }

    # Raises UsageError where a flag does not go with --session.
    def check_session(given, allowed)
      return unless given.key?('session')

      stray = given.keys.find { |name| !['session', *allowed].include?(name) }
      raise UsageError, "--session goes without --#{stray}" if stray
    end
  end
end
