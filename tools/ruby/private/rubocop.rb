# frozen_string_literal: true

# RuboCop without its gem.

require 'rubygems'
require 'rubocop'

exit RuboCop::CLI.new.run(ARGV)
