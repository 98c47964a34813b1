# frozen_string_literal: true

require 'proto/session_pb'

module Stock
  # Metadata between the library's hashes and the messages of sessions.
  module Headers
    DETAILS_KEY = 'grpc-status-details-bin'

    module_function

    # Metadata as the library takes it: a value, or an array of them, under each name.
    def to_hash(metadata)
      metadata.entries.each_with_object({}) do |entry, hash|
        (hash[entry.name] ||= []) << entry.value
      end
    end

    # Metadata as the library gives it, as a message.
    def to_message(hash)
      entries = hash.flat_map do |name, values|
        Array(values).map { |value| Tofusoup::Stock::Session::Header.new(name:, value:) }
      end
      Tofusoup::Stock::Session::Metadata.new(entries:)
    end
  end
end
