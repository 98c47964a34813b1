# frozen_string_literal: true

require 'minitest'

class WarnedTest < Minitest::Test
  def test_warns = assert(warn('careful'))
end
