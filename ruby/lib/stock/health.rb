# frozen_string_literal: true

require 'grpc/health/v1/health_services_pb'

module Stock
  # The standard health service, with the Watch that the gem's lacks. Its streams end when the server drains.
  class Health < Grpc::Health::V1::Health::Service
    include Grpc::Health::V1

    # `services` are served, and so is the server, under the empty name.
    def initialize(services)
      super()
      @lock = Mutex.new
      @statuses = ['', *services].to_h { |service| [service, :SERVING] }
      @watches = {}
    end

    # Turns every name NOT_SERVING and ends the streams after they have told it.
    def drain
      @lock.synchronize do
        @statuses.transform_values! { :NOT_SERVING }
        @watches.each do |updates, service|
          updates << @statuses[service] if @statuses.key?(service)
          updates.close
        end
        @watches = nil
      end
    end

    def check(request, _call)
      status = @lock.synchronize { @statuses[request.service] }
      raise GRPC::NotFound, 'unknown service' unless status

      HealthCheckResponse.new(status:)
    end

    def watch(request, call)
      updates = open_watch(request.service)
      call.on_end { close_watch(updates) }
      Enumerator.new do |responses|
        while (status = updates.pop)
          responses << HealthCheckResponse.new(status:)
        end
        raise GRPC::Unavailable, 'server shutting down'
      end
    end

    private

    def open_watch(service)
      updates = Queue.new
      @lock.synchronize do
        updates << @statuses.fetch(service, :SERVICE_UNKNOWN)
        @watches ? @watches[updates] = service : updates.close
      end
      updates
    end

    def close_watch(updates)
      @lock.synchronize { @watches&.delete(updates) }
      updates.close
    end
  end
end
