# frozen_string_literal: true

require 'grpc/reflection/v1/reflection_services_pb'
require 'minitest'
require 'peers'
require 'socket'
require 'testcerts'
require 'timeout'

class ListenerTest < Minitest::Test
  include Peers
  include Tofusoup::Stock

  PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n#{"\0\0\0\4\0\0\0\0\0".b}".b.freeze

  # Reads a stream of responses into a queue, and its end at last.
  def reading(responses)
    received = Queue.new
    Thread.new do
      responses.each { |response| received << response }
      received << :end
    rescue GRPC::BadStatus => e
      received << [e.code, e.details]
    end
    received
  end

  # An open Trade with a queue of orders; it has had one fill.
  def open_trade(stub)
    orders = Queue.new
    fills = reading(stub.trade(Enumerator.new do |out|
                                 loop { (order = orders.pop) ? out << order : break }
                               end, deadline:))
    trade_once(orders, fills)
    [orders, fills]
  end

  def trade_once(orders, fills)
    orders << TradeOrder.new(type: :BUY, symbol: 'acme', quantity: 1)
    assert take(fills).success
  end

  def test_a_drain_ends_streams_that_have_no_end
    listener = listen
    peer = channel(listener)
    streams = open_streams(peer)
    took = seconds { drain(listener, 60) }

    assert_operator took, :<, PATIENCE
    assert_equal :NOT_SERVING, take(streams[:known]).status
    streams.each { |name, received| assert_equal [14, 'server shutting down'], take(received), name }
  end

  def open_streams(peer)
    watch = ->(service) { reading(peer.health.watch(Grpc::Health::V1::HealthCheckRequest.new(service:), deadline:)) }
    streams = { monitor: reading(peer.stock.monitor(WatchRequest.new, deadline:)), known: watch.call('proto.KV'),
                unknown: watch.call('nobody'), reflection: reading(reflect(peer)) }
    assert_equal :SERVING, take(streams[:known]).status
    assert_equal :SERVICE_UNKNOWN, take(streams[:unknown]).status
    assert_equal 5, take(streams[:reflection]).list_services_response.service.size
    until streams[:monitor].size.positive? # until it has begun
      peer.stock.put(PutRequest.new(key: 'k'), deadline:)
      Thread.pass
    end
    peer.stock.put(PutRequest.new(key: 'last'), deadline:)
    nil until take(streams[:monitor]).key == 'last'
    streams
  end

  def reflect(peer)
    requests = Enumerator.new do |out|
      out << Grpc::Reflection::V1::ServerReflectionRequest.new(list_services: '')
      Queue.new.pop
    end
    peer.stub(Grpc::Reflection::V1::ServerReflection::Service).server_reflection_info(requests, deadline:)
  end

  def test_a_drain_lets_a_call_go_on_within_the_grace
    listener = listen
    orders, fills = open_trade(channel(listener).stock)
    drained = Thread.new { drain(listener, 60) }
    refuse_connections(listener)
    trade_once(orders, fills)
    orders << nil

    assert_equal :end, take(fills)
    assert drained.join(PATIENCE), 'the drain goes on without a call'
  end

  def refuse_connections(listener)
    Timeout.timeout(PATIENCE) do
      loop { TCPSocket.new('127.0.0.1', listener.port).close }
    rescue Errno::ECONNRESET # accepted by the system as the socket was closed
      retry
    end
  rescue Errno::ECONNREFUSED
    nil
  end

  def test_a_drain_ends_at_the_grace_whatever_a_call_does
    listener = listen
    _, fills = open_trade(channel(listener).stock)
    took = seconds { drain(listener, 0.1) }

    assert_in_delta 0.5, took, 0.5
    assert_equal 14, take(fills).first
  end

  def test_a_drain_waits_for_no_handshake_and_no_idle_connection
    listener = listen
    half, idle = Array.new(2) { TCPSocket.new('127.0.0.1', listener.port) }
    idle.write(PREFACE)
    [half, idle].each { |socket| Timeout.timeout(PATIENCE) { socket.readpartial(9) } } # the server's settings

    assert_operator seconds { drain(listener, 60) }, :<, 2
  ensure
    [half, idle].each(&:close)
  end

  # A loopback address of the test's own: no other program gets a port there that it gave up.
  def own_loopback = "127.#{rand(256)}.#{rand(256)}.77"

  def test_a_taken_port_is_an_error_and_a_drained_one_is_free
    host = own_loopback
    listener = listen(host:)
    binding = ::Stock::Binding.new(host:, port: listener.port, security: 'plaintext', max_receive_bytes: 1)
    error = assert_raises(::Stock::BindError) { ::Stock::Listener.new(binding, ::Stock::Stores.new) }
    assert_equal "cannot bind #{listener.endpoint}: taken, or not an address of this machine", error.message
    drain(listener, 0)

    ::Stock::Listener.new(binding, ::Stock::Stores.new).drain(0)
  end

  def test_an_impossible_host_is_an_error
    ['192.0.2.1', 'no.such.host.invalid'].each do |host|
      binding = ::Stock::Binding.new(host:, port: 0, security: 'plaintext', max_receive_bytes: 1)
      assert_raises(::Stock::BindError, host) { ::Stock::Listener.new(binding, ::Stock::Stores.new) }
    end
  end

  def test_limits
    listener = listen(max_receive_bytes: 1000)
    stub = channel(listener).stock
    stub.put(PutRequest.new(key: 'k', value: 'v' * 900), deadline:)
    stub.put(PutRequest.new(key: 'k'), metadata: { 'x-a' => 'a' * 8192 }, deadline:)

    assert_status(8) { stub.put(PutRequest.new(key: 'k', value: 'v' * 1000), deadline:) }
    assert_status(8) { stub.put(PutRequest.new(key: 'k'), metadata: { 'x-a' => 'a' * 20_000 }, deadline:) }
  end

  def test_mutual_tls_requires_a_certificate_and_shows_it
    authority = Testcerts.new('p521')
    identity = authority.issue
    observed = Queue.new
    directives = ::Stock::Directives.new { |_, observation| observed << observation.peer_certificate_pem }
    credentials = ::Stock::Credentials.server(identity, authority.roots_pem)
    listener = listen(security: 'mtls', credentials:, directives:)
    tagged = { ::Stock::Directives::KEY => Session::Directive.encode(Session::Directive.new(tag: 'peer')) }
    known = channel(listener, credentials: ::Stock::Credentials.channel(authority.roots_pem, authority.issue))
    unknown = channel(listener, credentials: ::Stock::Credentials.channel(authority.roots_pem))

    assert_equal 'mtls', known.stock.inventory(InventoryRequest.new, metadata: tagged, deadline:).metadata['security']
    assert_includes take(observed), 'BEGIN CERTIFICATE'
    assert_status(14) { unknown.stock.inventory(InventoryRequest.new, deadline:) }
  end

  def test_a_name_that_is_not_the_certificates_is_refused
    authority = Testcerts.new
    listener = listen(security: 'tls', credentials: ::Stock::Credentials.server(authority.issue))
    trusting = ::Stock::Credentials.channel(authority.roots_pem)
    named = ->(server_name) { channel(listener, credentials: trusting, server_name:).stock }

    [nil, 'localhost'].each { |name| named.call(name).put(PutRequest.new(key: 'k'), deadline:) }
    assert_status(14) { named.call('example.org').put(PutRequest.new(key: 'k'), deadline:) }
  end
end
