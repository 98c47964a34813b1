# frozen_string_literal: true

require 'minitest'
require 'programs'
require 'proto/session_pb'
require 'socket'
require 'stock/about'
require 'testcerts'
require 'timeout'
require 'tmpdir'

class StockServerTest < Minitest::Test
  include Programs

  def server(*arguments) = start('STOCK_SERVER', '--port', '0', *arguments)
  def run_server(*arguments, stdin: '') = run_program('STOCK_SERVER', *arguments, stdin:)

  def test_serves_until_a_signal
    { '127.0.0.1' => 'TERM', '::1' => 'INT', 'localhost' => 'TERM' }.each do |host, signal|
      running = server('--host', host)
      address, port = endpoint(running).match(/\A\[?([0-9a-f.:]+)\]?:(\d+)\z/).captures
      TCPSocket.new(address, port).close
      running.kill(signal)

      assert_equal Ended.new(0, '', ''), running.wait, host
    end
  end

  def test_a_second_signal_ends_what_the_grace_would_allow
    running = server('--grace-seconds', '60')
    trade = start('STOCK_CLIENT', '--session')
    hold_a_call(trade, endpoint(running).split(':').last.to_i)
    %w[TERM INT].each { |signal| running.kill(signal) }

    assert_equal 0, running.wait.code
  end

  # Opens a Trade that goes on, by a client's session.
  def hold_a_call(client, port)
    session = Tofusoup::Stock::Session
    order = session::Request.new(trade: Tofusoup::Stock::TradeOrder.new(symbol: 'acme', quantity: 1))
    [{ open_channel: session::OpenChannel.new(channel: 1, host: '127.0.0.1', port:, security: :SECURITY_PLAINTEXT) },
     { start: session::Start.new(call: 1, channel: 1, rpc: :RPC_TRADE, requests: [order]) }].each do |command|
      body = session::Command.encode(session::Command.new(id: 1, **command))
      client.stdin.write([body.bytesize].pack('N'), body)
    end
    Timeout.timeout(PATIENCE) { nil until event(client).events&.responses&.any? }
  end

  def event(client)
    Tofusoup::Stock::Session::Event.decode(client.stdout.read(client.stdout.read(4).unpack1('N')))
  end

  def test_prints
    version = run_server('--version')
    help = run_server('--help')
    bogus = run_server('--bogus')

    assert_equal Ended.new(0, "stock_server #{Stock::VERSION} ruby grpc #{GRPC::VERSION}\n", ''), version
    assert_equal [0, ''], [help.code, help.stderr]
    assert help.stdout.start_with?('usage: stock_server')
    assert_equal [2, ''], [bogus.code, bogus.stdout]
    assert bogus.stderr.start_with?("unknown flag: --bogus\nusage: ")
  end

  def test_what_cannot_be_bound_is_exit_three
    taken = endpoint(server).split(':').last
    [['--port', taken], %w[--port 0 --host 192.0.2.1 --allow-plaintext-network]].each do |arguments|
      ended = run_server(*arguments)

      assert_equal [3, '', 1], [ended.code, ended.stdout, ended.stderr.lines.size], ended.stderr
    end
  end

  def test_unusable_files_are_exit_two
    Dir.mktmpdir do |folder|
      files = write_files(folder)
      bad_files(files, folder).each do |arguments|
        ended = run_server('--port', '0', *arguments)

        assert_equal [2, '', 1], [ended.code, ended.stdout, ended.stderr.lines.size], ended.stderr
      end
      good = server('--tls-mode', 'manual', '--cert-file', files[:chain], '--key-file', files[:key])
      assert endpoint(good)
    end
  end

  def write_files(folder)
    authority = Testcerts.new
    identity = authority.issue
    { chain: identity.chain_pem, key: identity.key_pem, other: authority.issue.key_pem, empty: '' }.to_h do |name, pem|
      path = File.join(folder, name.to_s)
      File.write(path, pem)
      [name, path]
    end
  end

  def bad_files(files, folder)
    tls = lambda { |chain, key, *more|
      ['--tls-mode', more.empty? ? 'tls' : 'mtls', '--cert-file', chain, '--key-file', key, *more]
    }
    good = [files[:chain], files[:key]]
    [tls.call(files[:chain], "#{folder}/none"), tls.call(files[:chain], files[:other]),
     tls.call(files[:empty], files[:key]), tls.call(files[:key], files[:chain]),
     tls.call(*good, '--client-ca-file', files[:key]), tls.call(*good, '--client-ca-file', folder)]
  end

  def test_the_end_of_input_ends_a_session
    ended = run_server('--session')

    assert_equal [0, ''], [ended.code, ended.stderr]
    assert_includes ended.stdout, 'grpc-core'
  end

  def test_half_a_frame_is_exit_four
    ended = run_server('--session', stdin: "\0")

    assert_equal [4, "standard input ends within a frame\n"], [ended.code, ended.stderr]
  end

  def test_what_cannot_be_printed_is_exit_four
    [%w[--help], %w[--version], %w[--port 0]].each do |arguments|
      pid = Process.spawn(ENV.fetch('STOCK_SERVER'), *arguments, out: '/dev/full', err: File::NULL)

      assert_equal 4, Process.wait2(pid).last.exitstatus, arguments.inspect
    end
  end
end
