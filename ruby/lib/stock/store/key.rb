# frozen_string_literal: true

module Stock
  # A key or key prefix breaks the key rule.
  class InvalidKeyError < StandardError
    def initialize(message = 'invalid key: 1 to 1024 bytes of UTF-8 without NUL') = super
  end

  # A key has no value.
  class MissingKeyError < StandardError
    def initialize(key) = super("key not found: #{key}")
  end

  # The key rule: 1 to 1,024 bytes of UTF-8 without U+0000.
  module Key
    BYTES = (1..1024)

    module_function

    # Whether a text obeys the rule.
    def valid?(text)
      BYTES.cover?(text.bytesize) && text.valid_encoding? && !text.include?("\0")
    end

    # Raises InvalidKeyError where it does not.
    def check(text)
      raise InvalidKeyError unless valid?(text)
    end
  end
end
