# frozen_string_literal: true

require 'logger'

module Stock
  # The program's log, on standard error.
  module Log
    FORMAT = ->(severity, time, _, message) { "#{severity[0]} #{time.utc} #{message}\n" }
    LOGGER = Logger.new($stderr, formatter: FORMAT)
    private_constant :LOGGER

    module_function

    # Logs a fault of ours with its trace.
    def fault(message, exception)
      LOGGER.error("#{message}: #{exception.full_message(highlight: false)}")
      nil
    end
  end
end
