# frozen_string_literal: true

require 'minitest'
require 'stock/session/client'
require 'stock/session/hello'
require 'stock/session/server'
require 'testcerts'
require 'timeout'

# Both sessions in this process, each driven through pipes as a runner does it.
class SessionTest < Minitest::Test
  include Tofusoup::Stock

  PATIENCE = 10

  # A session with the runner's ends of its pipes.
  class Peer
    attr_reader :session

    def initialize(type, role)
      @events, pipe = IO.pipe(binmode: true)
      output = ::Stock::Session::Output.new(pipe)
      ::Stock::Session::Hello.tell(role, output)
      @session = type.new(output)
      @id = 0
    end

    def obey(**command)
      @session.obey(Tofusoup::Stock::Session::Command.new(id: @id += 1, **command))
    end

    # The next event, of this kind.
    def event(kind)
      frame = Timeout.timeout(PATIENCE) { @events.read(@events.read(4).unpack1('N')) }
      event = Tofusoup::Stock::Session::Event.decode(frame)
      raise "#{kind} expected: #{event.inspect}" unless event.event == kind

      event[kind.to_s]
    end
  end

  def setup
    @server = Peer.new(::Stock::Session::Server, :ROLE_SERVER)
    @client = Peer.new(::Stock::Session::Client, :ROLE_CLIENT)
    @hellos = [@server, @client].map { |peer| peer.event(:hello) }
  end

  def teardown
    @client.session.close
    @server.session.drain(0)
  end

  # Opens a listener and a channel to it, both number 1.
  def connect(**security)
    @server.obey(listen: Session::Listen.new(listener: 1, host: '127.0.0.1', security: :SECURITY_PLAINTEXT, **security))
    @port = @server.event(:listening).port
    @client.obey(open_channel: Session::OpenChannel.new(
      channel: 1, host: '127.0.0.1', port: @port, security: :SECURITY_PLAINTEXT
    ))
  end

  def start(call, rpc, *requests, **fields)
    requests = requests.map { |request| Session::Request.new(**request) }
    @client.obey(start: Session::Start.new(call:, channel: 1, rpc:, requests:, **fields))
  end

  # A call's events up to its status: [responses, status].
  def finish(call)
    responses = []
    loop do
      events = @client.event(:events)
      assert_equal call, events.call
      responses.concat(events.responses.map { |response| response[response.response.to_s] })
      return [responses, events.status] if events.status
    end
  end

  def order(symbol) = { trade: TradeOrder.new(type: :BUY, symbol:, quantity: 1) }

  def test_hello
    server, client = @hellos

    assert_equal %i[ROLE_SERVER ROLE_CLIENT], @hellos.map(&:role)
    assert_equal(%w[ruby openssl grpc-core], [server.language, server.tls_stack, server.transport])
    assert_includes client.supports, 'wait_for_ready'
  end

  def test_a_unary_call_is_one_frame_each_way
    connect
    start(1, :RPC_PUT, { put: PutRequest.new(key: 'k', value: "\xFF".b) }, half_close: true)
    events = @client.event(:events)

    assert_equal [0, 1, true], [events.status.code, events.responses.size, events.at_ns.positive?]
    start(2, :RPC_KV_GET, { kv_get: Proto::GetRequest.new(key: 'k') })
    assert_equal "\xFF".b, finish(2).first.first.value
    start(3, :RPC_ABSENT_GET, { get: GetRequest.new })
    assert_equal 12, finish(3).last.code
  end

  def test_a_stream_is_sent_read_and_half_closed_on_command
    connect
    start(1, :RPC_TRADE, order('a'), credit: 1)
    @client.obey(send: Session::Send.new(call: 1, requests: [Session::Request.new(**order('b'))]))
    @client.obey(receive: Session::Receive.new(call: 1))
    @client.obey(half_close: Session::HalfClose.new(call: 1))
    fills, status = finish(1)

    assert_equal [%w[a b], 0, 0], [fills.map(&:symbol), status.code, status.unsent]
  end

  def test_a_cancelled_stream_says_so_and_what_comes_later_is_passed_over
    connect
    start(1, :RPC_MONITOR, { monitor: WatchRequest.new })
    assert @client.event(:events).headers
    @client.obey(cancel: Session::Cancel.new(call: 1))

    assert_equal 1, finish(1).last.code
    @client.obey(cancel: Session::Cancel.new(call: 1))
    @client.obey(half_close: Session::HalfClose.new(call: 1))
    start(2, :RPC_INVENTORY, { inventory: InventoryRequest.new })
    assert_equal 0, finish(2).last.code
  end

  def test_a_channel_that_closes_ends_its_calls_as_cancelled
    connect
    start(1, :RPC_TRADE)
    @client.obey(close_channel: Session::CloseChannel.new(channel: 1))

    assert_equal 1, finish(1).last.code
    assert_failure(@client, 'channel: 1 given, which is not open') { start(2, :RPC_TRADE) }
  end

  def test_observations_are_reported
    connect
    directive = Session::Directive.encode(Session::Directive.new(tag: 'seen', store: 'own'))
    metadata = Session::Metadata.new(entries: [Session::Header.new(name: 'stock-directive-bin', value: directive)])
    start(1, :RPC_PUT, { put: PutRequest.new(key: 'k') }, metadata:)

    assert_equal 'seen', @server.event(:observed).tag
    @server.obey(forget: Session::Forget.new(stores: ['own']))
    @server.obey(stop: Session::Stop.new(listener: 1, grace_ms: 100))
    assert_equal 1, @server.event(:stopped).listener
  end

  def test_a_deadline_without_a_server
    connect
    @server.obey(stop: Session::Stop.new(listener: 1))
    @server.event(:stopped)
    start(1, :RPC_GET, { get: GetRequest.new(key: 'k') })
    assert_equal 14, finish(1).last.code
    start(2, :RPC_GET, { get: GetRequest.new(key: 'k') }, wait_for_ready: true, timeout_ns: 200_000_000)
    assert_equal 4, finish(2).last.code
  end

  def test_a_timer_runs_blocks_in_the_order_of_their_times
    timer = ::Stock::Session::Timer.new
    ran = Queue.new
    timer.after(0.05) { ran << :second }
    timer.after(60) { ran << :never }
    timer.after(0.01) { ran << :first }

    assert_equal(%i[first second], Timeout.timeout(PATIENCE) { [ran.pop, ran.pop] })
    assert_empty ran
  end

  def test_servers_failures_change_nothing
    listen = ->(**fields) { @server.obey(listen: Session::Listen.new(listener: 1, host: '127.0.0.1', **fields)) }
    assert_failure(@server, 'security: ') { listen.call }
    assert_failure(@server, 'host: 0.0.0.0 given') { listen.call(security: :SECURITY_PLAINTEXT, host: '0.0.0.0') }
    assert_failure(@server, 'host: "x" given') { listen.call(security: :SECURITY_PLAINTEXT, host: 'x') }
    assert_failure(@server, 'port: 65536') { listen.call(security: :SECURITY_PLAINTEXT, port: 65_536) }
    assert_failure(@server, 'certificate chain is not PEM') { listen.call(security: :SECURITY_TLS) }
    assert_failure(@server, 'listener: 7 given') { @server.obey(stop: Session::Stop.new(listener: 7)) }
    assert_failure(@server, 'command: start given') { @server.obey(start: Session::Start.new) }
    assert_failure(@server, 'command: none given') { @server.obey }
    connect
    assert_failure(@server, 'listener: 1 given, a new number') { listen.call(security: :SECURITY_PLAINTEXT) }
  end

  def test_clients_failures_change_nothing
    connect
    get = { get: GetRequest.new }
    assert_failure(@client, 'rpc: RPC_UNSPECIFIED') { start(1, :RPC_UNSPECIFIED) }
    assert_failure(@client, 'requests: 0 given') { start(1, :RPC_GET) }
    assert_failure(@client, 'requests: get given, put expected') { start(1, :RPC_PUT, get) }
    assert_failure(@client, 'timeout_ns: -1') { start(1, :RPC_GET, get, timeout_ns: -1) }
    assert_failure(@client, 'call: 1 given, which never was') { @client.obey(cancel: Session::Cancel.new(call: 1)) }
    [%W[x \n], %w[X v], ['', 'v']].each do |name, value|
      metadata = Session::Metadata.new(entries: [Session::Header.new(name:, value: value.b)])
      assert_failure(@client, "metadata: #{name.inspect} given") { start(1, :RPC_GET, get, metadata:) }
    end
    start(5, :RPC_TRADE, half_close: true, credit: 1)
    finish(5)
    assert_failure(@client, 'call: 5 given, a number over 5') { start(5, :RPC_GET, get) }
    assert_failure(@client, 'channel: 1 given, a new number') do
      @client.obey(open_channel: Session::OpenChannel.new(channel: 1))
    end
  end

  def assert_failure(peer, reason)
    yield
    failure = peer.event(:failure)
    assert failure.id.positive?
    assert_includes failure.reason, reason
  end
end
