# frozen_string_literal: true

require 'grpc/version'
require 'stock/version'

module Stock
  # What the programs say of themselves: in Hello, in Inventory and to --version.
  module About
    LANGUAGE = 'ruby'
    LIBRARY = "grpc #{GRPC::VERSION}".freeze
    RUNTIME = "#{RUBY_ENGINE} #{RUBY_VERSION}".freeze
    TRANSPORT = 'grpc-core'
    TLS_STACK = 'openssl'
  end
end
