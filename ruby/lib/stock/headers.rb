# frozen_string_literal: true

require 'proto/session_pb'

module Stock
  # Metadata between the library's hashes and the messages of sessions.
  module Headers
    DETAILS_KEY = 'grpc-status-details-bin'

    # What a server takes of a request; as much a client takes back.
    MAX_BYTES = 16 * 1024
    # What an entry counts beside its name and value (RFC 9113, section 6.5.2).
    ENTRY_BYTES = 32

    module_function

    # The size of metadata as the library gives it, before compression; binary values travel in base64.
    def bytesize(hash)
      hash.sum do |name, values|
        Array(values).sum do |value|
          size = value.bytesize
          ENTRY_BYTES + name.bytesize + (name.end_with?('-bin') ? ((size * 4) + 2) / 3 : size)
        end
      end
    end

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
