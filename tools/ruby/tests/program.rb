# frozen_string_literal: true

require 'greeting'

puts Greeting.to(ARGV.fetch(0)), $LOAD_PATH.size, ENV.fetch('RUBYOPT', 'none')
print File.read(File.join(ENV.fetch('RUNFILES_DIR'), '_main/tools/ruby/tests/data.txt'))
