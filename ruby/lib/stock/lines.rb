# frozen_string_literal: true

require 'stock/program'

module Stock
  # The lines that operations print.
  module Lines
    ESCAPES = { '\\' => '\\\\', "\n" => '\n', "\r" => '\r', "\t" => '\t' }.freeze

    module_function

    # `TIMESTAMP PUT KEY VALUE` or `TIMESTAMP DELETE KEY`, by tabs.
    def event(event)
      fields = [event.timestamp, event.type, escape(event.key)]
      fields << escape(event.value) unless event.type == :DELETE
      fields.join("\t")
    end

    # `ok SYMBOL N MESSAGE` or `rejected SYMBOL 0 MESSAGE`, by tabs.
    def fill(fill)
      verdict = fill.success ? 'ok' : 'rejected'
      [verdict, escape(fill.symbol), fill.quantity_filled, Program.one_line(fill.message)].join("\t")
    end

    # What became of a batch.
    def summary(summary)
      "total=#{summary.total_items} successful=#{summary.successful} failed=#{summary.failed} " \
        "bytes=#{summary.bytes_written}"
    end

    # The totals, then the metadata by name.
    def inventory(status)
      metadata = status.metadata.to_h.sort.map do |name, value|
        "metadata.#{Program.one_line(name)}=#{Program.one_line(value)}"
      end
      ["items=#{status.total_items}", "bytes=#{status.total_bytes}", "uptime_seconds=#{status.uptime_seconds}",
       "server_version=#{Program.one_line(status.server_version)}", *metadata]
    end

    # Bytes fit for one field of a line: `\\`, `\n`, `\r`, `\t`, and `\xHH` for other bytes below 0x20, 0x7F, and
    # bytes that are not UTF-8.
    def escape(field)
      field.dup.force_encoding(Encoding::UTF_8).each_char.map { |character| escaped(character) }.join
    end

    def escaped(character)
      return hex(character) unless character.valid_encoding?

      character.match?(/[\u0000-\u001F\u007F\\]/) ? ESCAPES.fetch(character) { hex(character) } : character
    end
    private_class_method :escaped

    def hex(bytes) = bytes.each_byte.map { |byte| format('\x%02X', byte) }.join
    private_class_method :hex
  end
end
