# frozen_string_literal: true

# Runs minitest for Bazel: `test_main.rb TEST_FILE... [-- ARGUMENTS OF MINITEST]`; exit code 0 if there were tests and
# all passed.

require 'minitest'

# Warnings are errors, but those of third-party and of generated code.
module Strict
  OTHERS = %r{/lib/ruby/site/|_pb\.rb}

  def warn(message, **)
    raise "warning: #{message}" unless message.match?(OTHERS)
  end
end
Warning.extend(Strict)

# Writes the outcomes as JUnit's XML, which is what Bazel shows.
class XmlReporter < Minitest::AbstractReporter
  def initialize(path)
    super()
    @path = path
    @results = []
  end

  attr_reader :results

  def record(result)
    @results << result
  end

  def report
    failed, fine = @results.partition { |result| result.failure && !result.skipped? }
    File.write(@path, <<~XML)
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites><testsuite name="ruby" tests="#{@results.size}" failures="#{failed.size}">
      #{(failed + fine).map { |result| testcase(result) }.join("\n")}
      </testsuite></testsuites>
    XML
  end

  private

  def testcase(result)
    head = "<testcase name=#{result.name.encode(xml: :attr)} classname=#{result.klass.encode(xml: :attr)} " \
           "time=\"#{format('%.3f', result.time)}\""
    return "#{head}/>" unless result.failure

    kind = result.skipped? ? 'skipped' : 'failure'
    text = result.failures.map { |failure| "#{failure.message}\n#{failure.location}" }.join("\n")
    "#{head}><#{kind}>#{text.scrub.delete("^\t\n\u0020-\u{10FFFF}").encode(xml: :text)}</#{kind}></testcase>"
  end
end

# What minitest asks of an extension of this name.
module Minitest
  def self.plugin_bazel_init(_options)
    reporter << XmlReporter.new(ENV.fetch('XML_OUTPUT_FILE')) if ENV['XML_OUTPUT_FILE']
    reporter << Counter.instance
  end

  # Counts the tests, since minitest takes none for a success.
  class Counter < AbstractReporter
    def self.instance = @instance ||= new

    attr_reader :count

    def record(_result) = @count = count.to_i + 1
  end
end

# Shows of a backtrace what is ours, as paths in the workspace.
module OwnLines
  def self.filter(backtrace)
    own = (backtrace || []).grep_v(Strict::OTHERS).grep_v(/#{Regexp.escape(__FILE__)}/)
    own.map { |line| line.sub(%r{\A.*\.runfiles/_main/}, '') }
  end
end

files = ARGV.take_while { |argument| argument.end_with?('_test.rb') }
arguments = ARGV.drop(files.size)
filter = ENV.fetch('TESTBRIDGE_TEST_ONLY', '')
arguments += ['--name', filter.start_with?('/') ? filter : "/#{Regexp.escape(filter)}/"] unless filter.empty?

files.each { |file| require file }
Minitest.extensions << 'bazel'
Minitest.backtrace_filter = OwnLines
passed = Minitest.run(arguments)
none = Minitest::Counter.instance.count.to_i.zero?
$stdout.puts 'error: no test was run' if none
$stdout.flush
exit!(passed && !none ? 0 : 1)
