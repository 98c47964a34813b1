// The session of a stock_server.
#include "cpp/options/server.h"

#include <arpa/inet.h>

#include <limits>
#include <map>
#include <thread>

#include "cpp/credentials.h"
#include "cpp/listener.h"
#include "cpp/session/session.h"
#include "cpp/text.h"

namespace stock::session {
namespace {

class Server {
 public:
  explicit Server(Output& output) : output_(output) {}

  Result<void> Obey(const pb::Command& command);

  // Drains what is open and waits for the drains that a Stop has begun, each within its own grace.
  void End(std::chrono::nanoseconds grace);

 private:
  Result<void> Listen(const pb::Listen& command);
  Result<ListenerConfig> Config(const pb::Listen& command);
  Result<void> Stop(const pb::Stop& command);
  void Observe(const std::string& tag, const pb::Observation& observation);

  Output& output_;
  const std::shared_ptr<Stores> stores_ = std::make_shared<Stores>();
  std::map<std::uint32_t, std::shared_ptr<Listener>> listeners_;  // null: closed
  std::vector<std::jthread> drains_;
};

Result<void> Server::Obey(const pb::Command& command) {
  switch (command.command_case()) {
    case pb::Command::kListen:
      return Listen(command.listen());
    case pb::Command::kStop:
      return Stop(command.stop());
    case pb::Command::kForget:
      for (const std::string& name : command.forget().stores()) stores_->Forget(name);
      return {};
    default:
      return Refuse("command: number {} given, listen, stop or forget expected", command.command_case());
  }
}

Result<void> Server::Listen(const pb::Listen& command) {
  if (command.listener() == 0 || listeners_.contains(command.listener())) {
    return Refuse("listener: {} given, a new number from 1 expected", command.listener());
  }
  const Result<ListenerConfig> config = Config(command);
  if (!config) return tl::unexpected(config.error());
  Result<std::unique_ptr<Listener>> listener = Listener::Listen(*config);
  if (!listener) return tl::unexpected(listener.error());
  pb::Event event;
  event.mutable_listening()->set_listener(command.listener());
  event.mutable_listening()->set_port((*listener)->port());
  listeners_.emplace(command.listener(), *std::move(listener));
  output_.Send(std::move(event));
  return {};
}

bool IsLiteral(const std::string& host) {
  in6_addr parsed{};
  return inet_pton(AF_INET, host.c_str(), &parsed) == 1 || inet_pton(AF_INET6, host.c_str(), &parsed) == 1;
}

std::string SecurityName(pb::Security security) {
  switch (security) {
    case pb::SECURITY_PLAINTEXT:
      return "plaintext";
    case pb::SECURITY_TLS:
      return "tls";
    case pb::SECURITY_MTLS:
      return "mtls";
    default:
      return "";
  }
}

Result<ListenerConfig> Server::Config(const pb::Listen& command) {
  ListenerConfig config;
  config.host = command.host();
  config.port = static_cast<std::uint16_t>(command.port());
  config.security = SecurityName(command.security());
  config.max_receive_bytes = command.max_receive_bytes();
  config.stores = stores_;
  config.conformance = true;
  config.report = [this](const std::string& tag, const pb::Observation& seen) { Observe(tag, seen); };
  if (!IsLiteral(config.host)) {
    return Refuse("host: \"{}\" given, a literal address expected", Escape(config.host));
  }
  if (command.port() > std::numeric_limits<std::uint16_t>::max()) {
    return Refuse("port: {} given, at most 65535 expected", command.port());
  }
  if (config.max_receive_bytes > options::kMaxReceiveBytes) {
    return Refuse("max_receive_bytes: {} given, at most {} expected", config.max_receive_bytes,
                  options::kMaxReceiveBytes);
  }
  if (config.security.empty()) {
    return Refuse("security: {} given, plaintext, tls or mtls expected", static_cast<int>(command.security()));
  }
  if (config.security == "plaintext") {
    if (!options::IsLoopback(config.host)) return Refuse("host: {} given, plaintext is for loopback", config.host);
    return config;
  }
  std::optional<std::string> roots;
  if (config.security == "mtls") roots = command.client_roots_pem();
  auto credentials = credentials::Server({command.identity().chain_pem(), command.identity().key_pem()}, roots);
  if (!credentials) return tl::unexpected(credentials.error());
  config.credentials = *std::move(credentials);
  return config;
}

Result<void> Server::Stop(const pb::Stop& command) {
  const std::uint32_t number = command.listener();
  const auto found = listeners_.find(number);
  if (found == listeners_.end() || !found->second) {
    return Refuse("listener: {} given, which is not open", number);
  }
  const std::chrono::milliseconds grace(command.grace_ms());
  drains_.emplace_back([this, number, grace, listener = std::move(found->second)] {
    listener->Drain(grace);
    pb::Event event;
    event.mutable_stopped()->set_listener(number);
    output_.Send(std::move(event));
  });
  return {};
}

void Server::Observe(const std::string& tag, const pb::Observation& observation) {
  pb::Event event;
  event.mutable_observed()->set_tag(tag);
  *event.mutable_observed()->mutable_observation() = observation;
  output_.Send(std::move(event));
}

void Server::End(std::chrono::nanoseconds grace) {
  for (auto& [number, listener] : listeners_) {
    if (listener) drains_.emplace_back([grace, drained = std::move(listener)] { drained->Drain(grace); });
  }
  drains_.clear();
}

}  // namespace

Result<void> Serve(int input, int output, const Interrupt& interrupt, std::chrono::nanoseconds grace) {
  Output out(output);
  out.Send(Hello(pb::ROLE_SERVER, {"gzip_response", "reflection_v1", "reflection_v1alpha", "observe_peer"}));
  Server server(out);
  FrameReader reader(input, interrupt);
  Result<void> ended = ObeyAll(reader, out, [&](const pb::Command& command) { return server.Obey(command); });
  server.End(grace);
  return ended;
}

}  // namespace stock::session
