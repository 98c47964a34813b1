# frozen_string_literal: true

require 'proto/stock_services_pb'

# Greets by a generated message.
module Greeting
  def self.to(name) = "hello, #{Tofusoup::Stock::GetRequest.new(key: name).key}"
end
