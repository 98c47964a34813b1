#include "cpp/health.h"

#include <algorithm>

#include "cpp/shapes.h"

namespace stock {
namespace {

namespace pb = grpc::health::v1;

// The status of a name whenever it has changed. It ends when the peer knows the last one.
class HealthFeed final : public Feed<pb::HealthCheckResponse> {
 public:
  HealthFeed(const HealthService& service, std::string name) : service_(service), name_(std::move(name)) {}

  void Pull(std::function<void(const Next&)> receiver) override {
    {
      const std::scoped_lock lock(mutex_);
      waiting_ = std::move(receiver);
    }
    Serve();
  }

  void Close(const grpc::Status& status) override {
    {
      const std::scoped_lock lock(mutex_);
      if (!closed_) closed_ = status;
    }
    Serve();
  }

 private:
  // Gives a receiver that waits what there is to give.
  void Serve() {
    std::function<void(const Next&)> receiver;
    Next next;
    {
      const std::scoped_lock lock(mutex_);
      if (!waiting_ || !TakeNext(next)) return;
      receiver = std::exchange(waiting_, nullptr);
    }
    receiver(next);
  }

  // Holds the lock.
  bool TakeNext(Next& next) {
    const auto status = service_.StatusOf(name_);
    if (told_ != status) {
      told_ = status;
      pb::HealthCheckResponse response;
      response.set_status(status);
      next = response;
      return true;
    }
    if (closed_) next = *closed_;
    return closed_.has_value();
  }

  const HealthService& service_;
  const std::string name_;
  std::mutex mutex_;
  std::optional<pb::HealthCheckResponse::ServingStatus> told_;
  std::optional<grpc::Status> closed_;
  std::function<void(const Next&)> waiting_;
};

}  // namespace

pb::HealthCheckResponse::ServingStatus HealthService::StatusOf(const std::string& name) const {
  if (std::ranges::find(names_, name) == names_.end()) return pb::HealthCheckResponse::SERVICE_UNKNOWN;
  return serving_ ? pb::HealthCheckResponse::SERVING : pb::HealthCheckResponse::NOT_SERVING;
}

grpc::ServerUnaryReactor* HealthService::Check(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) {
  using Reaction = UnaryReaction<pb::HealthCheckRequest, pb::HealthCheckResponse>;
  auto handler = [this](const Store& /*store*/, const pb::HealthCheckRequest& asked, pb::HealthCheckResponse& answer) {
    answer.set_status(StatusOf(asked.service()));
    return answer.status() == pb::HealthCheckResponse::SERVICE_UNKNOWN
               ? grpc::Status(grpc::StatusCode::NOT_FOUND, "unknown service")
               : grpc::Status::OK;
  };
  return React<Reaction>(conduct_, *context, *request, *response, std::move(handler));
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* HealthService::Watch(grpc::CallbackServerContext* context,
                                                                 const grpc::ByteBuffer* request) {
  using Reaction = FeedReaction<pb::HealthCheckRequest, pb::HealthCheckResponse>;
  auto open = [this](Store& /*store*/, const pb::HealthCheckRequest& asked)
      -> std::variant<std::unique_ptr<Feed<pb::HealthCheckResponse>>, grpc::Status> {
    return std::make_unique<HealthFeed>(*this, asked.service());
  };
  return React<Reaction>(conduct_, *context, *request, std::move(open));
}

}  // namespace stock
