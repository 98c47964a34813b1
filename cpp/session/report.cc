#include "cpp/session/report.h"

#include <utility>

#include "cpp/text.h"

namespace stock::session {
namespace {

// The size of responses at which a frame is full and the next one begins; far below the largest frame, as a frame is
// full only when a response has filled it.
constexpr std::size_t kFrameTarget = std::size_t{1} << 20;

}  // namespace

void Report::Headers(const GrpcMetadata& metadata) {
  Add([&](pb::Events& events) { *events.mutable_headers() = FromGrpc(metadata); });
}

void Report::Response(pb::Response response) {
  Add([&](pb::Events& events) {
    bytes_ += response.ByteSizeLong();
    *events.add_responses() = std::move(response);
  });
}

void Report::Status(pb::Status status) {
  Add([&](pb::Events& events) { *events.mutable_status() = std::move(status); });
}

void Report::Unary(const GrpcMetadata* headers, pb::Response* response, pb::Status status) {
  Add([&](pb::Events& events) {
    if (headers != nullptr) *events.mutable_headers() = FromGrpc(*headers);
    if (response != nullptr) *events.add_responses() = std::move(*response);
    *events.mutable_status() = std::move(status);
  });
}

std::vector<pb::Event> Report::Take() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(frames_, {});
}

template <typename Fill>
void Report::Add(const Fill& fill) {
  const std::scoped_lock lock(mutex_);
  const bool queued = !frames_.empty();
  if (!queued || bytes_ >= kFrameTarget) {
    frames_.emplace_back().mutable_events()->set_call(call_);
    bytes_ = 0;
  }
  pb::Events& events = *frames_.back().mutable_events();
  fill(events);
  const std::chrono::nanoseconds elapsed = std::chrono::steady_clock::now() - started_;
  events.set_at_ns(elapsed.count());
  if (!queued) output_.Push(shared_from_this());
}

pb::Status StatusOf(const grpc::Status& status, const GrpcMetadata& trailers, std::size_t unsent) {
  pb::Status out;
  out.set_code(static_cast<std::uint32_t>(status.error_code()));
  // A peer may send any bytes; a frame may not.
  out.set_message(ToValidUtf8(status.error_message()));
  out.set_details(FirstValue(trailers, kDetailsKey));
  *out.mutable_trailers() = FromGrpc(trailers);
  out.set_unsent(static_cast<std::uint32_t>(unsent));
  return out;
}

}  // namespace stock::session
