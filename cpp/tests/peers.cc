#include "cpp/tests/peers.h"

#include <stdexcept>

namespace stock::testing {

std::unique_ptr<grpc::ClientContext> Deadline() {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + kPatience);
  return context;
}

std::unique_ptr<grpc::ClientContext> WithDirective(const session::Directive& directive) {
  auto context = Deadline();
  context->AddMetadata("stock-directive-bin", directive.SerializeAsString());
  return context;
}

Peers::Peers(const ListenerConfig& given) {
  ListenerConfig config = given;
  config.host = "127.0.0.1";
  if (config.security.empty()) config.security = "plaintext";
  config.stores = std::make_shared<Stores>();
  config.conformance = true;
  config.report = [this](const std::string& tag, const session::Observation& observation) {
    const std::scoped_lock lock(mutex_);
    observations_[tag] = observation;
    observed_.notify_all();
  };
  auto listener = Listener::Listen(config);
  if (!listener) throw std::runtime_error(listener.error());
  listener_ = *std::move(listener);
  Endpoint endpoint;
  endpoint.target = target();
  channel_ = std::make_unique<Channel>(endpoint);
}

session::Observation Peers::AwaitObservation(const std::string& tag) {
  std::unique_lock lock(mutex_);
  EXPECT_TRUE(observed_.wait_for(lock, kPatience, [&] { return observations_.contains(tag); })) << tag;
  return observations_[tag];
}

void ExpectStatus(const grpc::Status& status, grpc::StatusCode code, const std::string& message) {
  EXPECT_EQ(status.error_code(), code) << status.error_message();
  EXPECT_EQ(status.error_message(), message);
}

}  // namespace stock::testing
