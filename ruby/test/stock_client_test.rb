# frozen_string_literal: true

require 'minitest'
require 'peers'
require 'programs'
require 'testcerts'
require 'timeout'
require 'tmpdir'

# The program as a process against a listener in this one.
class StockClientTest < Minitest::Test
  include Peers
  include Programs

  PATIENCE = Programs::PATIENCE

  def execute(*arguments, stdin: '') = run_program('STOCK_CLIENT', *arguments, stdin:)

  def against(listener, *arguments, stdin: '') = execute(*arguments, '--server', listener.endpoint, stdin:)

  def test_operations
    listener = listen
    [
      [%w[get k], 69, '', "NOT_FOUND: key not found: k\n"],
      [%W[put k v\n], 0, "OK\n"],
      [%w[get k], 0, "v\n\n"],
      [%w[put -5 -], 0, "OK\n", '', "\0\xFF"],
      [%w[kv-get -5], 0, "\0\xFF\n".b],
      [['kv-put', 'k', ''], 0, "OK\n"],
      [%w[delete k], 0, "OK\n"],
      [['get', ''], 67, '', "INVALID_ARGUMENT: invalid key: 1 to 1024 bytes of UTF-8 without NUL\n"],
      [%w[batch a=1 =2 b=3=3], 0, "total=3 successful=2 failed=1 bytes=4\n"],
      [%w[batch], 0, "total=2 successful=2 failed=0 bytes=2\n", '', "a=1\n\n \nb=\xFF"],
      [%w[batch], 0, "total=0 successful=0 failed=0 bytes=0\n"],
      [['trade', "buy:a\tb:5", "sell:a\tb:6", 'query:'], 0,
       "ok\ta\\tb\t5\tbought\nrejected\ta\\tb\t0\tinsufficient position: have 5, want 6\n" \
       "rejected\t\t0\tinvalid symbol\n"],
      [%w[health], 0, "SERVING\n"],
      [%w[health nobody], 69, '', "NOT_FOUND: unknown service\n"]
    ].each do |arguments, code, stdout, stderr = '', stdin = ''|
      assert_equal Ended.new(code, stdout.b, stderr), against(listener, *arguments, stdin: stdin.b), arguments.inspect
    end
  end

  def test_inventory
    lines = against(listen, 'inventory').stdout.lines(chomp: true)

    assert_equal ['items=0', 'bytes=0', 'uptime_seconds=0', "server_version=#{Stock::VERSION}"], lines.first(4)
    assert_equal 'metadata.language=ruby', lines[4]
    assert_equal 10, lines.size
  end

  def test_monitor_prints_events_as_they_come
    listener = listen
    monitor = start('STOCK_CLIENT', 'monitor', 'a*', '--count', '2', '--server', listener.endpoint)
    puts_until_read(listener, monitor)

    assert_match(/\A\d+\tPUT\ta\\tb\tv\n\z/, monitor.line)
    assert_match(/\A\d+\tPUT\ta\\tb\tv\n\z/, monitor.line)
    assert_equal Ended.new(0, '', ''), monitor.wait
  end

  # Puts until a monitor has printed: only then it is known to have begun.
  def puts_until_read(listener, monitor)
    stub = channel(listener).stock
    until monitor.stdout.wait_readable(0.01)
      stub.put(Tofusoup::Stock::PutRequest.new(key: "a\tb", value: 'v'), deadline:)
    end
    2.times { stub.put(Tofusoup::Stock::PutRequest.new(key: "a\tb", value: 'v'), deadline:) }
  end

  def test_the_end_of_a_stream_is_its_status
    ended = against(listen, 'monitor', '--timeout-seconds', '0.2')

    assert_equal [68, ''], [ended.code, ended.stdout]
    assert ended.stderr.start_with?('DEADLINE_EXCEEDED: '), ended.stderr
  end

  def test_an_interrupt_has_an_exit_code
    listener = listen
    monitor = start('STOCK_CLIENT', 'monitor', '--timeout-seconds', '0', '--server', listener.endpoint)
    puts_until_read(listener, monitor)
    monitor.kill('INT')

    assert_equal [130, ''], monitor.wait.to_a.values_at(0, 2)
  end

  def test_failures
    closed = TCPServer.new('127.0.0.1', 0)
    port = closed.local_address.ip_port
    closed.close
    {
      %w[get k --server] + ["127.0.0.1:#{port}"] => [78, 'UNAVAILABLE: '],
      %w[get k --tls --ca-file missing.pem] => [2, 'missing.pem: No such file'],
      %w[get] => [2, "get needs KEY\nusage: "],
      ['batch', "\xFF=1"] => [2, 'batch: '],
      %w[trade buy:a] => [2, 'trade: "buy:a" given'],
      ['get', "\xFF"] => [2, 'get: ']
    }.each do |arguments, (code, reason)|
      ended = execute(*arguments)

      assert_equal [code, ''], [ended.code, ended.stdout], arguments.inspect
      assert ended.stderr.start_with?(reason), ended.stderr
    end
  end

  def test_mutual_tls
    authority = Testcerts.new('p521')
    identity = authority.issue
    listener = listen(security: 'mtls', credentials: Stock::Credentials.server(identity, authority.roots_pem))
    Dir.mktmpdir do |folder|
      { 'roots' => authority.roots_pem, 'chain' => identity.chain_pem, 'key' => identity.key_pem }.each do |name, pem|
        File.write("#{folder}/#{name}", pem)
      end
      trusting = ['put', 'k', 'v', '--tls', '--ca-file', "#{folder}/roots"]
      known = [*trusting, '--cert-file', "#{folder}/chain", '--key-file', "#{folder}/key"]

      assert_equal 78, against(listener, *trusting).code
      assert_equal 0, against(listener, *known).code
      assert_equal 0, against(listener, *known, '--server-name', 'localhost').code
      assert_equal 78, against(listener, *known, '--server-name', 'example.org').code
    end
  end

  def test_prints
    assert_equal "stock_client #{Stock::VERSION} ruby grpc #{GRPC::VERSION}\n", execute('--version').stdout
    assert execute('--help').stdout.start_with?('usage: stock_client')
  end

  def test_sessions_end_with_their_input
    assert_equal [0, ''], execute('--session').to_a.values_at(0, 2)
    assert_equal [4, "standard input ends within a frame\n"], execute('--session', stdin: "\0").to_a.values_at(0, 2)
  end

  def test_what_cannot_be_printed_is_exit_four
    [%w[--help], ['health', '--server', listen.endpoint]].each do |arguments|
      pid = Process.spawn(ENV.fetch('STOCK_CLIENT'), *arguments, out: '/dev/full', err: File::NULL)

      assert_equal 4, Process.wait2(pid).last.exitstatus, arguments.inspect
    end
  end
end
