# frozen_string_literal: true

require 'stock/calls'
require 'stock/directive'
require 'stock/listener'

# Servers and channels for tests, in this process; they end with the test.
module Peers
  # Seconds for what must happen.
  PATIENCE = 10

  def teardown
    @channels&.each(&:close)
    @listeners&.dup&.each { |listener| drain(listener, 0) }
    super
  end

  # A listener on a free port, in conformance mode where a block takes observations.
  def listen(host: '127.0.0.1', security: 'plaintext', credentials: nil, max_receive_bytes: 4_194_304, directives: nil)
    @stores ||= Stock::Stores.new
    binding = Stock::Binding.new(host:, port: 0, security:, credentials:, max_receive_bytes:)
    listener = Stock::Listener.new(binding, @stores, directives)
    (@listeners ||= []) << listener
    listener
  end

  # Drains a listener before the test ends.
  def drain(listener, grace_seconds)
    @listeners.delete(listener)
    listener.drain(grace_seconds)
  end

  # A channel to a listener.
  def channel(listener, credentials: nil, server_name: nil)
    endpoint = Stock::Endpoint.new(
      target: "ipv4:#{listener.endpoint}", credentials:, server_name:, max_receive_bytes: 4_194_304
    )
    channel = Stock::Channel.new(endpoint)
    (@channels ||= []) << channel
    channel
  end

  def deadline = Time.now + PATIENCE

  # What a queue gives, or a failure.
  def take(queue) = Timeout.timeout(PATIENCE) { queue.pop }

  # Asserts that a call ends with a status.
  def assert_status(code, details = nil, &)
    error = assert_raises(GRPC::BadStatus, &)
    assert_equal([code, details || error.details], [error.code, error.details])
    error
  end

  # Seconds that a block takes.
  def seconds
    started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    yield
    Process.clock_gettime(Process::CLOCK_MONOTONIC) - started
  end
end
