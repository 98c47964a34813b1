# frozen_string_literal: true

require 'stock/calls'
require 'stock/lines'
require 'stock/options/arguments'

module Stock
  # The operations of `stock_client`: each understands its arguments, calls, and prints what came.
  class Operation
    NOT_SERVING = 1
    # Operations by their names: `prepare_` and `run_` with the method's name.
    METHODS = ClientParser::OPERATIONS.keys.to_h { |name| [name, name.tr('-', '_')] }.freeze

    # Understands the arguments, reading those that standard input holds. Raises UsageError.
    def initialize(options, stdin, stdout)
      @options = options
      @arguments = options.arguments
      @stdin = stdin
      @stdout = stdout
      @method = METHODS.fetch(options.operation)
      @request = send("prepare_#{@method}")
    end

    # Calls and prints; the exit code. Raises GRPC::BadStatus.
    def run(channel)
      send("run_#{@method}", channel) || Program::OK
    end

    private

    def prepare_get = Tofusoup::Stock::GetRequest.new(key:)
    def prepare_put = Tofusoup::Stock::PutRequest.new(key:, value:)
    def prepare_delete = Tofusoup::Stock::DeleteRequest.new(key:)
    def prepare_inventory = Tofusoup::Stock::InventoryRequest.new
    def prepare_kv_get = Proto::GetRequest.new(key:)
    def prepare_kv_put = Proto::PutRequest.new(key:, value:)

    def prepare_health
      Grpc::Health::V1::HealthCheckRequest.new(service: Arguments.key('health', @arguments.fetch(0, '')))
    end

    def prepare_monitor
      prefix = Arguments.key('monitor', @arguments.fetch(0, '').delete_suffix('*'))
      Tofusoup::Stock::WatchRequest.new(key_prefix: prefix)
    end

    def prepare_batch
      lines = @arguments.empty? ? @stdin.each_line(chomp: true).reject { |line| line.strip.empty? } : @arguments
      lines.map { |line| Arguments.item(line) }.map do |key, value|
        Tofusoup::Stock::BatchItem.new(key:, value:)
      end
    end

    def prepare_trade
      @arguments.map { |argument| Arguments.order(argument) }.map do |order|
        Tofusoup::Stock::TradeOrder.new(type: order.type, symbol: order.symbol, quantity: order.quantity)
      end
    end

    def run_get(channel) = print_value(channel.stock.get(@request, deadline:))
    def run_put(channel) = print_ok(channel.stock.put(@request, deadline:))
    def run_delete(channel) = print_ok(channel.stock.delete(@request, deadline:))
    def run_kv_get(channel) = print_value(channel.kv.get(@request, deadline:))
    def run_kv_put(channel) = print_ok(channel.kv.put(@request, deadline:))

    def run_inventory(channel)
      print_lines(*Lines.inventory(channel.stock.inventory(@request, deadline:)))
    end

    def run_health(channel)
      status = channel.health.check(@request, deadline:).status
      print_lines(status)
      NOT_SERVING unless status == :SERVING
    end

    def run_monitor(channel)
      operation = channel.stock.monitor(@request, deadline:, return_op: true)
      events = operation.execute.each_with_index
      events.each do |event, index|
        print_lines(Lines.event(event))
        break operation.cancel if index + 1 == @options.events
      end
      nil
    end

    def run_batch(channel) = print_lines(Lines.summary(channel.stock.batch(@request, deadline:)))

    def run_trade(channel)
      channel.stock.trade(@request, deadline:) { |fill| print_lines(Lines.fill(fill)) }
      nil
    end

    def key = Arguments.key(@options.operation, @arguments.fetch(0))

    def value = @arguments.fetch(1) == '-' ? @stdin.read : @arguments.fetch(1)

    def deadline = @options.timeout_seconds && (Time.now + @options.timeout_seconds)

    def print_value(response)
      @stdout.write(response.value, "\n")
      nil
    end

    def print_ok(_response) = print_lines('OK')

    # Writes lines at once: what monitor prints is read by others while it runs.
    def print_lines(*lines)
      @stdout.puts(*lines)
      @stdout.flush
      nil
    end
  end
end
