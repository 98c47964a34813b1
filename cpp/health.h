// The health service: gRPC's own ends no Watch when the server drains.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "cpp/reactor.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace stock {

using RawHealth = grpc::health::v1::Health::WithRawCallbackMethod_Check<
    grpc::health::v1::Health::WithRawCallbackMethod_Watch<grpc::health::v1::Health::Service>>;

class HealthService final : public RawHealth {
 public:
  // Says SERVING of each name; the empty one is the server's own.
  HealthService(Conduct& conduct, std::vector<std::string> names) : conduct_(conduct), names_(std::move(names)) {}

  // Says NOT_SERVING of all from now on. Who watches is told at the drain, which comes next.
  void Shutdown() { serving_ = false; }

  grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                  grpc::ByteBuffer* response) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* Watch(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request) override;

  // The present status of a name.
  [[nodiscard]] grpc::health::v1::HealthCheckResponse::ServingStatus StatusOf(const std::string& name) const;

 private:
  Conduct& conduct_;
  const std::vector<std::string> names_;
  std::atomic<bool> serving_ = true;
};

}  // namespace stock
