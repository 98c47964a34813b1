# frozen_string_literal: true

require 'minitest'
require 'stock/options/arguments'
require 'stock/options/client'
require 'stock/options/server'

class OptionsTest < Minitest::Test
  SERVER = {
    host: '127.0.0.1', port: 50_051, security: 'plaintext', grace_seconds: 3.0, max_receive_bytes: 4_194_304,
    conformance: false, session: false
  }.freeze
  CLIENT = {
    session: false, arguments: [], server: '127.0.0.1:50051', tls: false, timeout_seconds: 5.0,
    max_receive_bytes: 4_194_304, events: 0
  }.freeze

  def server(line) = Stock::ServerOptions.parse(line.b.split)
  def client(line) = Stock::ClientOptions.parse(line.b.split)

  def test_server
    files = '--cert-file c --key-file=k'
    {
      '' => {},
      '--port 0' => { port: 0 },
      '--port=1 --port 65535' => { port: 65_535 },
      '--host localhost --conformance' => { host: 'localhost', conformance: true },
      '--host ::1 --grace-seconds 0' => { host: '::1', grace_seconds: 0.0 },
      '--host 127.9.9.9 --grace-seconds=0.25' => { host: '127.9.9.9', grace_seconds: 0.25 },
      '--host 0.0.0.0 --allow-plaintext-network' => { host: '0.0.0.0' },
      '--max-receive-bytes 1' => { max_receive_bytes: 1 },
      '--tls-mode disabled' => {},
      '--session --grace-seconds 1' => { session: true, conformance: true, grace_seconds: 1.0 },
      "#{files} --tls-mode tls --host 0.0.0.0" => { security: 'tls', cert_file: 'c', key_file: 'k', host: '0.0.0.0' },
      "#{files} --tls-mode manual" => { security: 'tls', cert_file: 'c', key_file: 'k' },
      "#{files} --tls-mode server --client-ca-file r" => {
        security: 'mtls', cert_file: 'c', key_file: 'k', client_ca_file: 'r'
      }
    }.each { |line, change| assert_equal Stock::ServerOptions.new(**SERVER, **change), server(line), line }
  end

  def test_help_and_version_come_first
    assert_equal 'help', server('stray --help --version').show
    assert_equal 'version', client('--version').show
  end

  def test_server_usage_errors_name_the_culprit
    {
      '--bogus' => 'unknown flag: --bogus', '--por 1' => 'unknown flag: --por', '---' => 'unknown flag: ---',
      '--port' => '--port needs a value', '--port=' => '--port: "" given', '--port 65536' => '--port: "65536" given',
      '--port +1' => '--port: "+1" given', '--port 1_0' => '--port: "1_0" given', '--host=' => '--host: "" given',
      '--port x --port 1' => '--port: "x" given',
      '--conformance=true' => '--conformance takes no value', '--grace-seconds 1e3' => '--grace-seconds: "1e3" given',
      '--grace-seconds -1' => '--grace-seconds: "-1" given', '--grace-seconds 1.' => '--grace-seconds: "1." given',
      '--max-receive-bytes 0' => '--max-receive-bytes', '-5' => 'stray argument: -5',
      '-- --port' => 'stray argument: --port', '--tls-mode ssl' => '--tls-mode',
      '--cert-file c' => '--cert-file does not go with --tls-mode none',
      '--tls-mode tls --cert-file c' => '--tls-mode tls needs --key-file',
      '--tls-mode mtls --cert-file c --key-file k' => '--tls-mode mtls needs --client-ca-file',
      '--tls-mode tls --cert-file c --key-file k --client-ca-file r' =>
        '--client-ca-file does not go with --tls-mode tls',
      '--host 192.0.2.1' => '--allow-plaintext-network', '--host localhost.' => '--allow-plaintext-network',
      '--session --port 0' => '--session goes without --port'
    }.each { |line, expected| assert_usage_error(expected, line) { server(line) } }
  end

  def test_client
    {
      'get k' => { operation: 'get', arguments: ['k'] },
      'get -5' => { operation: 'get', arguments: ['-5'] },
      'put - -' => { operation: 'put', arguments: %w[- -] },
      'put -- --k --v' => { operation: 'put', arguments: %w[--k --v] },
      'put k --timeout-seconds 0.5 v' => { operation: 'put', arguments: %w[k v], timeout_seconds: 0.5 },
      '--timeout-seconds=0 inventory' => { operation: 'inventory', timeout_seconds: nil },
      'monitor --count 3' => { operation: 'monitor', events: 3 },
      'batch' => { operation: 'batch' },
      'health --server [::1]:1' => { operation: 'health', server: '[::1]:1' },
      'kv-get k --server my-host.x:65535' => { operation: 'kv-get', arguments: ['k'], server: 'my-host.x:65535' },
      'get k --tls --ca-file a --cert-file b --key-file c --server-name d' => {
        operation: 'get', arguments: ['k'], tls: true, ca_file: 'a', cert_file: 'b', key_file: 'c', server_name: 'd'
      }
    }.each { |line, change| assert_equal Stock::ClientOptions.new(**CLIENT, **change), client(line), line }
    assert_equal Stock::ClientOptions.new(session: true), client('--session')
  end

  def test_client_usage_errors_name_the_culprit
    {
      '' => 'an operation is needed', 'fetch k' => 'unknown operation: fetch', 'get' => 'get needs KEY',
      'get k l' => 'stray argument: l', 'get k --count 1' => '--count does not go with get',
      'get k --ca-file f' => '--ca-file needs --tls', 'get k --server-name n' => '--server-name needs --tls',
      'get k --tls --cert-file f' => '--cert-file needs --key-file',
      'get k --tls --key-file f' => '--key-file needs --cert-file', 'get k --server h' => '--server',
      'get k --server :1' => '--server', 'get k --server h:0' => '--server', 'get k --server h:http' => '--server',
      'get k --server ::1:1' => '--server', 'get k --server [h]:1' => '--server',
      'get k --server dns:///h:1' => '--server', '--session get' => '--session goes without an operation: get',
      '--session --timeout-seconds 1' => '--session goes without --timeout-seconds',
      'get k --timeout-seconds 1,5' => '--timeout-seconds', "get k --server \xFF:1" => '--server'
    }.each { |line, expected| assert_usage_error(expected, line) { client(line) } }
  end

  def test_keys_items_and_orders
    assert_equal 'ä', Stock::Arguments.key('get', 'ä'.b)
    assert_equal ['k', "v=\xFF".b], Stock::Arguments.item("k=v=\xFF".b)
    {
      'buy:acme:5' => [:BUY, 'acme', 5], 'sell::-1' => [:SELL, '', -1], 'query:a:b' => [:QUERY, 'a:b', 0],
      "buy:a:\nb:1" => [:BUY, "a:\nb", 1]
    }.each { |argument, order| assert_equal order, Stock::Arguments.order(argument.b).to_a }
    assert_usage_error('get: ', 'key') { Stock::Arguments.key('get', "\xFF".b) }
    ['k', "\xFF=v"].each { |argument| assert_usage_error('batch: ', argument) { Stock::Arguments.item(argument.b) } }
    ['', 'buy', 'buy:acme', 'buy:acme:', 'buy:acme:+5', 'buy:acme:2147483648', 'hold:acme:1', 'query', "buy:\xFF:1",
     "buy:a:1\n"].each { |argument| assert_usage_error('trade: ', argument) { Stock::Arguments.order(argument.b) } }
  end

  def test_usages_name_every_flag_and_operation
    Stock::ServerParser::FLAGS.each { |flag| assert_includes Stock::ServerOptions.usage, "--#{flag.name} " }
    Stock::ClientParser::FLAGS.each { |flag| assert_includes Stock::ClientOptions.usage, "--#{flag.name} " }
    Stock::ClientParser::OPERATIONS.each_key { |name| assert_includes Stock::ClientOptions.usage, "\n  #{name}" }
  end

  def test_no_command_line_breaks_the_parsers
    random = Random.new(Minitest.seed)
    words = ['get', 'k', '--port', '--', '---', '--=', "--port=1\0", '-5', '--tls', "\xFF", '[::1]:1', "a\nb",
             '--help=']
    500.times do
      line = Array.new(random.rand(4)) { words.sample(random:) }
      [Stock::ServerOptions, Stock::ClientOptions].each { |options| parse_or_refuse(options, line) }
    end
  end

  private

  def parse_or_refuse(options, line)
    options.parse(line)
  rescue Stock::UsageError => e
    assert_equal [true, true], [e.message.valid_encoding?, !e.message.empty?], line.inspect
  end

  def assert_usage_error(expected, line, &)
    error = assert_raises(Stock::UsageError, line, &)
    assert_includes error.message, expected, line
  end
end
