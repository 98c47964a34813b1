// What a call's library gave, until it is written.
#pragma once

#include <grpcpp/support/status.h>

#include <chrono>
#include <cstdint>

#include "cpp/metadata.h"
#include "cpp/session/output.h"

namespace stock::session {

// The source of a call's frames: what is ready together travels together. Safe for threads.
class Report final : public Source, public std::enable_shared_from_this<Report> {
 public:
  // The call's clock starts.
  Report(std::uint32_t call, Output& output) : call_(call), output_(output) {}

  void Headers(const GrpcMetadata& metadata);
  void Response(pb::Response response);

  // How the call ended, in the frame of its last response.
  void Status(pb::Status status);

  // Everything that a unary call gives, in one frame. Null headers: there were none.
  void Unary(const GrpcMetadata* headers, pb::Response* response, pb::Status status);

  std::vector<pb::Event> Take() override;

 private:
  template <typename Fill>
  void Add(const Fill& fill);

  const std::uint32_t call_;
  Output& output_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();

  std::mutex mutex_;
  std::vector<pb::Event> frames_;
  std::size_t bytes_ = 0;  // of the responses in the last frame
};

// A status as the session protocol tells it.
pb::Status StatusOf(const grpc::Status& status, const GrpcMetadata& trailers, std::size_t unsent);

}  // namespace stock::session
