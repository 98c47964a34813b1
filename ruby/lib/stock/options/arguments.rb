# frozen_string_literal: true

require 'stock/options/grammar'

module Stock
  # The arguments of the operations: keys, items and orders.
  module Arguments
    # One argument of trade. `type` is :BUY, :SELL or :QUERY; the quantity of a query is 0.
    Order = Struct.new(:type, :symbol, :quantity)

    ORDER = /\A(?<type>buy|sell):(?<symbol>.*):(?<number>-?[0-9]{1,10})\z/mn
    QUERY = /\A(?<type>query):(?<symbol>.*)\z/mn
    INT32 = (-(2**31)..(2**31) - 1)

    module_function

    # A key as text. Raises UsageError where it is not UTF-8, which cannot be sent.
    def key(operation, argument)
      text = argument.dup.force_encoding(Encoding::UTF_8)
      return text if text.valid_encoding?

      raise UsageError, "#{operation}: #{Grammar.shown(argument)} given, a key of UTF-8 expected"
    end

    # Key and value of an item of a batch, `KEY=VALUE`, at its first `=`. Raises UsageError.
    def item(argument)
      name, value = argument.split('=', 2)
      raise UsageError, "batch: #{Grammar.shown(argument)} given, KEY=VALUE expected" unless value

      [key('batch', name), value]
    end

    # `buy:SYMBOL:N` and `sell:SYMBOL:N` at the first colon and the last, `query:SYMBOL` at the first.
    # Raises UsageError.
    def order(argument)
      match = ORDER.match(argument) || QUERY.match(argument)
      quantity = match&.names&.include?('number') ? match[:number].to_i : 0
      unless match && INT32.cover?(quantity)
        expected = 'buy:SYMBOL:N, sell:SYMBOL:N or query:SYMBOL'
        raise UsageError, "trade: #{Grammar.shown(argument)} given, #{expected} expected"
      end

      Order.new(match[:type].upcase.to_sym, key('trade', match[:symbol]), quantity)
    end
  end
end
