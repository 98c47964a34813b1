# frozen_string_literal: true

require 'proto/session_pb'
require 'stock/about'
require 'stock/session/output'

module Stock
  module Session
    # The first frame of a program. It leaves before the libraries are loaded that the rest needs.
    module Hello
      PROTOCOL = 1
      KEY_TYPES = %w[rsa2048 rsa4096 p256 p384 p521].map { |type| "key_type:#{type}" }.freeze
      SUPPORTS = {
        ROLE_SERVER: [*KEY_TYPES, 'gzip_response', 'reflection_v1', 'reflection_v1alpha', 'observe_peer'],
        ROLE_CLIENT: [*KEY_TYPES, 'gzip_request', 'wait_for_ready']
      }.freeze

      module_function

      # Says what the program is.
      def tell(role, output)
        hello = Tofusoup::Stock::Session::Hello.new(
          protocol: PROTOCOL, language: About::LANGUAGE, role:, library: About::LIBRARY, runtime: About::RUNTIME,
          transport: About::TRANSPORT, tls_stack: About::TLS_STACK, supports: SUPPORTS.fetch(role), version: VERSION
        )
        output.send_event(Tofusoup::Stock::Session::Event.new(hello:))
      end
    end
  end
end
