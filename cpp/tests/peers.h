// A server and a channel to it, in the test's own process.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "cpp/calls.h"
#include "cpp/listener.h"

namespace stock::testing {

namespace session = tofusoup::stock::session;

// Long enough for what must happen.
inline constexpr std::chrono::seconds kPatience{10};

// A context whose call ends at the latest when the patience does.
std::unique_ptr<grpc::ClientContext> Deadline();

// The same with a directive.
std::unique_ptr<grpc::ClientContext> WithDirective(const session::Directive& directive);

// Serves in conformance mode until the end of the test.
class Peers {
 public:
  explicit Peers(const ListenerConfig& config = {});

  Listener& listener() { return *listener_; }
  Channel& channel() { return *channel_; }
  std::string target() const { return "ipv4:" + listener_->address(); }

  // What the server saw of the call with that tag.
  session::Observation AwaitObservation(const std::string& tag);

 private:
  std::mutex mutex_;
  std::condition_variable observed_;
  std::map<std::string, session::Observation> observations_;
  std::unique_ptr<Listener> listener_;
  std::unique_ptr<Channel> channel_;
};

void ExpectStatus(const grpc::Status& status, grpc::StatusCode code, const std::string& message);

}  // namespace stock::testing
