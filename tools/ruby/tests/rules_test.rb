# frozen_string_literal: true

require 'greeting'
require 'minitest'
require 'open3'
require 'tmpdir'

class RulesTest < Minitest::Test
  # The code and the output of a program.
  def execute(name, *arguments, **environment)
    environment = { 'XML_OUTPUT_FILE' => nil, 'TESTBRIDGE_TEST_ONLY' => nil, **environment.transform_keys(&:to_s) }
    output, status = Open3.capture2e(environment, File.expand_path(ENV.fetch(name)), *arguments)
    [status.exitstatus, output]
  end

  def test_libraries_and_generated_code_are_required
    assert_equal 'hello, ä', Greeting.to('ä')
  end

  def test_a_program_runs_on_its_own_ruby
    code, output = execute('PROGRAM', 'you', RUBYOPT: '-d', RUBYLIB: '/nowhere')

    assert_equal [0, "hello, you\n"], [code, output.lines.first], output
    assert_equal "none\nhello\n", output.lines.last(2).join
  end

  def test_a_program_is_found_through_a_link
    Dir.mktmpdir do |folder|
      File.symlink(File.expand_path(ENV.fetch('PROGRAM')), "#{folder}/link")

      assert_equal 0, Open3.capture2e("#{folder}/link", 'you').last.exitstatus
    end
  end

  def test_a_program_without_runfiles_says_so
    Dir.mktmpdir do |folder|
      File.write("#{folder}/copy", File.read(ENV.fetch('PROGRAM')))
      File.chmod(0o755, "#{folder}/copy")
      output, status = Open3.capture2e("#{folder}/copy")

      assert_equal 1, status.exitstatus
      assert_equal "error: no runfiles beside #{folder}/copy: build it with Bazel, and copy them along\n", output
    end
  end

  def test_failures_are_told_in_both_ways
    Dir.mktmpdir do |folder|
      code, output = execute('FAILING', XML_OUTPUT_FILE: "#{folder}/test.xml")
      report = File.read("#{folder}/test.xml")

      assert_equal 1, code
      assert_includes output, 'tools/ruby/tests/failing_test.rb:8'
      assert_includes report, '<testsuite name="ruby" tests="3" failures="1">'
      assert_includes report, 'no  &lt;good&gt;'
      assert_includes report, '<skipped>not now'
    end
  end

  def test_a_filter_chooses_tests
    assert_equal 0, execute('FAILING', TESTBRIDGE_TEST_ONLY: 'fine').first
    assert_equal 1, execute('FAILING', TESTBRIDGE_TEST_ONLY: '/wro.g/').first
    assert_equal 0, execute('FAILING', '--name', 'test_fine').first
  end

  def test_no_test_is_a_failure
    code, output = execute('EMPTY')

    assert_equal 1, code
    assert_includes output, 'error: no test was run'
    assert_equal 1, execute('FAILING', TESTBRIDGE_TEST_ONLY: 'absent').first
  end

  def test_a_warning_is_a_failure
    code, output = execute('WARNED')

    assert_equal 1, code
    assert_includes output, 'warning: careful'
  end
end
