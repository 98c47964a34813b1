# frozen_string_literal: true

require 'grpc/reflection/v1/reflection_services_pb'
require 'grpc/reflection/v1alpha/reflection_services_pb'
require 'stock/reflection/descriptors'

module Stock
  # Server reflection in both its versions, whose messages differ in nothing but the package.
  class Reflection
    # The handlers of one version; the class that includes this has its MESSAGES.
    module Handlers
      def initialize(reflection)
        super()
        @reflection = reflection
      end

      def server_reflection_info(requests, call)
        @reflection.open(call)
        requests.lazy.map { |request| answer(request) }
      end

      private

      def answer(request)
        kind, content = respond(request.message_request, request)
        self.class::MESSAGES::ServerReflectionResponse.new(
          valid_host: request.host, original_request: request, kind => content
        )
      end

      def respond(kind, request)
        case kind
        when :list_services then services
        when :file_by_filename then files(@reflection.descriptors.named(request.file_by_filename))
        when :file_containing_symbol then files(@reflection.descriptors.declaring(request.file_containing_symbol))
        else error(GRPC::Core::StatusCodes::NOT_FOUND, 'no extensions')
        end
      end

      def services
        names = @reflection.services.map { |name| self.class::MESSAGES::ServiceResponse.new(name:) }
        [:list_services_response, self.class::MESSAGES::ListServiceResponse.new(service: names)]
      end

      def files(found)
        return error(GRPC::Core::StatusCodes::NOT_FOUND, 'not found') if found.empty?

        [:file_descriptor_response, self.class::MESSAGES::FileDescriptorResponse.new(file_descriptor_proto: found)]
      end

      def error(code, message)
        [:error_response, self.class::MESSAGES::ErrorResponse.new(error_code: code, error_message: message)]
      end
    end

    # Handlers of grpc.reflection.v1.
    class V1 < Grpc::Reflection::V1::ServerReflection::Service
      MESSAGES = Grpc::Reflection::V1
      include Handlers
    end

    # Handlers of grpc.reflection.v1alpha.
    class V1alpha < Grpc::Reflection::V1alpha::ServerReflection::Service
      MESSAGES = Grpc::Reflection::V1alpha
      include Handlers
    end

    # Names of the services, those of reflection itself among them.
    attr_reader :services
    # The handlers, one object for each version.
    attr_reader :handlers

    # `services` are what the server serves beside.
    def initialize(services)
      @handlers = [V1.new(self), V1alpha.new(self)]
      @services = (services + @handlers.map { |handler| handler.class.service_name }).sort
      @lock = Mutex.new
      @calls = []
      @draining = false
    end

    # What the services are made of; read when first asked for.
    def descriptors
      @lock.synchronize { @descriptors ||= Descriptors.load }
    end

    # Takes note of a call, which ends when the server drains. Raises GRPC::Unavailable.
    def open(call)
      @lock.synchronize do
        raise GRPC::Unavailable, 'server shutting down' if @draining

        @calls << call
      end
      call.on_end { @lock.synchronize { @calls.delete(call) } }
    end

    # Ends the open streams. They wait for requests, which nothing but cancelling interrupts.
    def drain
      calls = @lock.synchronize do
        @draining = true
        @calls.dup
      end
      calls.each { |call| call.cancel(GRPC::Core::StatusCodes::UNAVAILABLE, 'server shutting down') }
    end
  end
end
