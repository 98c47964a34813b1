// The session of a stock_client.
#include <arpa/inet.h>

#include <condition_variable>
#include <limits>
#include <map>
#include <thread>

#include "cpp/credentials.h"
#include "cpp/session/call.h"
#include "cpp/session/session.h"
#include "cpp/text.h"

namespace stock::session {
namespace {

// How long calls that are cancelled may take to end.
constexpr std::chrono::seconds kEndTimeout{1};

// The target of a literal address; empty where it is none.
std::string LiteralTarget(const std::string& host, std::uint32_t port) {
  in6_addr parsed{};
  if (inet_pton(AF_INET, host.c_str(), &parsed) == 1) return fmt::format("ipv4:{}:{}", host, port);
  if (inet_pton(AF_INET6, host.c_str(), &parsed) == 1) return fmt::format("ipv6:[{}]:{}", host, port);
  return "";
}

Result<std::shared_ptr<grpc::ChannelCredentials>> CredentialsOf(const pb::OpenChannel& command) {
  switch (command.security()) {
    case pb::SECURITY_PLAINTEXT:
      return nullptr;
    case pb::SECURITY_TLS:
      return credentials::Client(command.roots_pem(), std::nullopt);
    case pb::SECURITY_MTLS:
      if (!command.has_identity()) return credentials::Client(command.roots_pem(), std::nullopt);
      return credentials::Client(command.roots_pem(), credentials::Identity{.chain_pem = command.identity().chain_pem(),
                                                                            .key_pem = command.identity().key_pem()});
    default:
      return Refuse("security: {} given, plaintext, tls or mtls expected", static_cast<int>(command.security()));
  }
}

Result<Endpoint> EndpointOf(const pb::OpenChannel& command) {
  Endpoint endpoint;
  endpoint.target = LiteralTarget(command.host(), command.port());
  if (endpoint.target.empty()) return Refuse("host: \"{}\" given, a literal address expected", Escape(command.host()));
  if (command.port() == 0 || command.port() > std::numeric_limits<std::uint16_t>::max()) {
    return Refuse("port: {} given, 1 to 65535 expected", command.port());
  }
  endpoint.server_name = command.server_name();
  endpoint.keeps_deadlines = false;  // the calls do: see call.cc
  endpoint.max_receive_bytes = command.max_receive_bytes();
  if (endpoint.max_receive_bytes > std::numeric_limits<std::int32_t>::max()) {
    return Refuse("max_receive_bytes: {} given, at most 2147483647 expected", endpoint.max_receive_bytes);
  }
  auto credentials = CredentialsOf(command);
  if (!credentials) return tl::unexpected(credentials.error());
  endpoint.credentials = *std::move(credentials);
  return endpoint;
}

class Client {
 public:
  explicit Client(Output& output) : output_(output), poller_([this] { Poll(); }) {}

  // Cancels what is open and waits for its end.
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  Client(Client&&) = delete;
  Client& operator=(Client&&) = delete;

  Result<void> Obey(const pb::Command& command);

 private:
  struct Running {
    std::uint32_t channel;
    std::shared_ptr<RunningCall> call;
  };

  Result<void> OpenChannel(const pb::OpenChannel& command);
  Result<void> CloseChannel(std::uint32_t number);
  Result<void> Start(const pb::Start& command);
  Result<void> CheckStart(const pb::Start& command, const Method& method) const;

  // A running call. None for one that has ended: the runner could not know yet.
  Result<std::shared_ptr<RunningCall>> Find(std::uint32_t number);

  // Obeys a command to a call, if it runs.
  template <typename Act>
  Result<void> WithCall(std::uint32_t number, const Act& act);

  void Ended(std::uint32_t number);
  void Poll();

  Output& output_;
  std::map<std::uint32_t, std::shared_ptr<Channel>> channels_;  // null: closed
  std::uint32_t highest_ = 0;                                   // number of the last call started

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint32_t, Running> running_;

  grpc::CompletionQueue queue_;
  std::jthread poller_;
};

Client::~Client() {
  for (const auto& [number, channel] : channels_) {
    // It is open: there is no refusal.
    if (channel) (void)CloseChannel(number);
  }
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kEndTimeout, [this] { return running_.empty(); });
  lock.unlock();
  queue_.Shutdown();
}

void Client::Poll() {
  void* tag = nullptr;
  for (bool ok = false; queue_.Next(&tag, &ok);) RunningCall::Completed(tag, ok);
}

Result<void> Client::Obey(const pb::Command& command) {
  switch (command.command_case()) {
    case pb::Command::kOpenChannel:
      return OpenChannel(command.open_channel());
    case pb::Command::kCloseChannel:
      return CloseChannel(command.close_channel().channel());
    case pb::Command::kStart:
      return Start(command.start());
    case pb::Command::kSend:
      return WithCall(command.send().call(), [&](RunningCall& call) { return call.Send(command.send().requests()); });
    case pb::Command::kHalfClose:
      return WithCall(command.half_close().call(), [](RunningCall& call) { return call.HalfClose(); });
    case pb::Command::kReceive:
      return WithCall(command.receive().call(), [&](RunningCall& call) -> Result<void> {
        call.Receive(command.receive().credit());
        return {};
      });
    case pb::Command::kCancel:
      return WithCall(command.cancel().call(), [](RunningCall& call) -> Result<void> {
        call.Cancel();
        return {};
      });
    default:
      return Refuse("command: number {} given, one for a client expected", static_cast<int>(command.command_case()));
  }
}

Result<void> Client::OpenChannel(const pb::OpenChannel& command) {
  if (command.channel() == 0 || channels_.contains(command.channel())) {
    return Refuse("channel: {} given, a new number from 1 expected", command.channel());
  }
  const Result<Endpoint> endpoint = EndpointOf(command);
  if (!endpoint) return tl::unexpected(endpoint.error());
  channels_.emplace(command.channel(), std::make_shared<Channel>(*endpoint));
  return {};
}

Result<void> Client::CloseChannel(std::uint32_t number) {
  const auto found = channels_.find(number);
  if (found == channels_.end() || !found->second) return Refuse("channel: {} given, which is not open", number);
  // Its calls keep it until they have ended.
  found->second = nullptr;
  const std::scoped_lock lock(mutex_);
  for (const auto& [call_number, running] : running_) {
    if (running.channel == number) running.call->Cancel();
  }
  return {};
}

Result<void> Client::Start(const pb::Start& command) {
  const auto channel = channels_.find(command.channel());
  if (channel == channels_.end() || !channel->second) {
    return Refuse("channel: {} given, which is not open", command.channel());
  }
  const Method* method = FindMethod(command.rpc());
  if (method == nullptr) return Refuse("rpc: {} given, a method expected", static_cast<int>(command.rpc()));
  if (auto checked = CheckStart(command, *method); !checked) return checked;
  highest_ = command.call();
  const std::uint32_t number = command.call();
  auto call =
      std::make_shared<RunningCall>(channel->second, *method, command, output_, [this, number] { Ended(number); });
  {
    const std::scoped_lock lock(mutex_);
    running_.emplace(number, Running{.channel = command.channel(), .call = call});
  }
  call->Start(queue_);
  return {};
}

Result<void> Client::CheckStart(const pb::Start& command, const Method& method) const {
  if (command.call() <= highest_) {
    return Refuse("call: {} given, a number over {} expected", command.call(), highest_);
  }
  if (command.timeout_ns() < 0) return Refuse("timeout_ns: {} given, 0 or more expected", command.timeout_ns());
  if (!method.sends && command.requests_size() != 1) {
    return Refuse("requests: {} given, {} takes exactly 1", command.requests_size(), pb::Rpc_Name(command.rpc()));
  }
  for (const pb::Request& request : command.requests()) {
    if (request.request_case() != method.request) return Refuse("requests: one is not of the rpc's type");
  }
  if (!IsSendable(command.metadata())) return Refuse("metadata: some cannot be sent");
  return {};
}

Result<std::shared_ptr<RunningCall>> Client::Find(std::uint32_t number) {
  const std::scoped_lock lock(mutex_);
  const auto found = running_.find(number);
  if (found != running_.end()) return found->second.call;
  if (number == 0 || number > highest_) return Refuse("call: {} given, which never was one", number);
  return nullptr;
}

template <typename Act>
Result<void> Client::WithCall(std::uint32_t number, const Act& act) {
  const auto call = Find(number);
  if (!call) return tl::unexpected(call.error());
  return *call ? act(**call) : Result<void>();
}

void Client::Ended(std::uint32_t number) {
  const std::scoped_lock lock(mutex_);
  running_.erase(number);
  changed_.notify_all();
}

}  // namespace

Result<void> Call(int input, int output, const Interrupt& interrupt) {
  Output out(output);
  out.Send(Hello(pb::ROLE_CLIENT, {"gzip_request", "wait_for_ready"}));
  Client client(out);
  FrameReader reader(input, interrupt);
  return ObeyAll(reader, out, [&](const pb::Command& command) { return client.Obey(command); });
}

}  // namespace stock::session
