# frozen_string_literal: true

require 'minitest'

class FailingTest < Minitest::Test
  def test_fine = assert(true)

  def test_wrong = flunk("no \0 <good>")

  def test_skipped = skip('not now')
end
