# frozen_string_literal: true

require 'stock/store/key'

module Stock
  # The answer to one order. `quantity` is the position for a query and 0 for a refusal.
  Fill = Struct.new(:success, :quantity, :message, :timestamp)

  # A position per symbol. Its store sees to it that orders come one at a time.
  class Positions
    MAXIMUM = (2**31) - 1

    def initialize
      @positions = Hash.new(0)
    end

    # Carries out one order, or refuses it, at a tick of the clock.
    def trade(type, symbol, quantity, timestamp)
      Fill.new(*judge(type, symbol, quantity), timestamp)
    end

    private

    def judge(type, symbol, quantity)
      return refused('invalid symbol') unless Key.valid?(symbol)

      case type
      when :QUERY then [true, @positions[symbol], 'position']
      when :BUY, :SELL then quantity.positive? ? move(type, symbol, quantity) : refused('quantity must be positive')
      else refused("unknown order type: #{type}")
      end
    end

    def move(type, symbol, quantity)
      type == :BUY ? buy(symbol, quantity) : sell(symbol, quantity)
    end

    def buy(symbol, quantity)
      return refused('position limit') if @positions[symbol] + quantity > MAXIMUM

      @positions[symbol] += quantity
      [true, quantity, 'bought']
    end

    def sell(symbol, quantity)
      held = @positions[symbol]
      return refused("insufficient position: have #{held}, want #{quantity}") if quantity > held

      @positions[symbol] -= quantity
      [true, quantity, 'sold']
    end

    def refused(message) = [false, 0, message]
  end
end
