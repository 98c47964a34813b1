#include "cpp/listener.h"

#include <grpc/grpc.h>
#include <grpcpp/server_builder.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <thread>

#include "cpp/about.h"
#include "cpp/health.h"
#include "cpp/metadata.h"
#include "cpp/reflection.h"
#include "cpp/service.h"
#include "cpp/text.h"

namespace stock {
namespace {

constexpr int kMaxStreams = 100;  // concurrent, of one connection
// gRPC's own limit, at which it ends the connection under all its calls; the reactors have that of the service.
constexpr int kAbsoluteMaxMetadataBytes = 2 * kMaxMetadataBytes;
constexpr int kHandshakeTimeoutMs = 10'000;
constexpr int kDefaultReceiveBytes = 4 << 20;

// How long peers without a call may take to acknowledge the GOAWAY.
constexpr std::chrono::milliseconds kFarewell{200};

constexpr std::array kServices{"grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
                               "grpc.reflection.v1alpha.ServerReflection", "proto.KV", "tofusoup.stock.Stock"};

// An address of a host.
struct Address {
  sockaddr_storage storage;
  socklen_t size;
  std::string literal;
};

Result<Address> Resolve(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host.c_str(), nullptr, &hints, &found); error != 0) {
    return Refuse("{}", gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, freeaddrinfo);
  // Of a name's addresses that of IPv4, which clients dial by default.
  for (addrinfo* other = found; other != nullptr && found->ai_family != AF_INET; other = other->ai_next) {
    if (other->ai_family == AF_INET) found = other;
  }
  Address address{};
  address.size = found->ai_addrlen;
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  std::array<char, NI_MAXHOST> literal{};
  getnameinfo(found->ai_addr, found->ai_addrlen, literal.data(), literal.size(), nullptr, 0, NI_NUMERICHOST);
  address.literal = literal.data();
  return address;
}

std::string Endpoint(const std::string& literal, std::uint16_t port) {
  return literal.find(':') == std::string::npos ? fmt::format("{}:{}", literal, port)
                                                : fmt::format("[{}]:{}", literal, port);
}

// Why an address cannot be bound, which gRPC does not tell.
std::string BindError(Address address, std::uint16_t port) {
  if (address.storage.ss_family == AF_INET6) {
    reinterpret_cast<sockaddr_in6&>(address.storage).sin6_port = htons(port);
  } else {
    reinterpret_cast<sockaddr_in&>(address.storage).sin_port = htons(port);
  }
  const int probe = socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return std::strerror(errno);
  const int failed = bind(probe, reinterpret_cast<const sockaddr*>(&address.storage), address.size);
  const std::string reason = failed != 0 ? std::strerror(errno) : "gRPC refuses";
  close(probe);
  return reason;
}

Description Describe(const std::string& security) {
  return {.version = about::Version(),
          .started = std::chrono::steady_clock::now(),
          .metadata = {{"language", std::string(about::kLanguage)},
                       {"library", about::Library()},
                       {"runtime", about::Runtime()},
                       {"security", security},
                       {"tls_stack", std::string(about::kTlsStack)},
                       {"transport", std::string(about::kTransport)}}};
}

}  // namespace

Result<std::unique_ptr<Listener>> Listener::Listen(const ListenerConfig& config) {
  const Result<Address> address = Resolve(config.host);
  if (!address) return Refuse("cannot bind {}: {}", OneLine(config.host), address.error());
  // No make_unique: the constructor is private.
  std::unique_ptr<Listener> listener(new Listener(config, address->literal));
  if (!listener->Start(config)) {
    return Refuse("cannot bind {}: {}", Endpoint(address->literal, config.port), BindError(*address, config.port));
  }
  return listener;
}

Listener::Listener(const ListenerConfig& config, std::string literal) : literal_(std::move(literal)) {
  conduct_.stores = config.stores;
  conduct_.conformance = config.conformance;
  conduct_.report = config.report;
  AddServices(config);
}

Listener::~Listener() {
  if (server_) server_->Shutdown(std::chrono::system_clock::now());
}

std::string Listener::address() const { return Endpoint(literal_, port_); }

void Listener::AddServices(const ListenerConfig& config) {
  const std::vector<std::string> names(kServices.begin(), kServices.end());
  auto health =
      std::make_unique<HealthService>(conduct_, std::vector<std::string>{"", "proto.KV", "tofusoup.stock.Stock"});
  health_ = health.get();
  services_.push_back(std::move(health));
  services_.push_back(std::make_unique<StockService>(conduct_, Describe(config.security)));
  services_.push_back(std::make_unique<KvService>(conduct_));
  services_.push_back(std::make_unique<ReflectionService>(conduct_, names));
  services_.push_back(std::make_unique<ReflectionAlphaService>(conduct_, names));
}

bool Listener::Start(const ListenerConfig& config) {
  grpc::ServerBuilder builder;
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreams);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kAbsoluteMaxMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_ENABLE_DEADLINE_CHECKS, 0);  // the calls keep theirs: see reactor.h
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeTimeoutMs);
  builder.SetMaxReceiveMessageSize(config.max_receive_bytes > 0 ? static_cast<int>(config.max_receive_bytes)
                                                                : kDefaultReceiveBytes);
  int port = 0;
  builder.AddListeningPort(Endpoint(literal_, config.port),
                           config.credentials ? config.credentials : grpc::InsecureServerCredentials(), &port);
  for (const auto& service : services_) builder.RegisterService(service.get());
  server_ = builder.BuildAndStart();
  port_ = static_cast<std::uint16_t>(port);
  return server_ != nullptr && port != 0;
}

void Listener::Drain(std::chrono::nanoseconds grace) {
  // Beyond a day nobody waits, and the clocks' sums stay within their range.
  grace = std::min<std::chrono::nanoseconds>(grace, std::chrono::hours(24));
  const auto deadline = std::chrono::steady_clock::now() + grace;
  health_->Shutdown();
  conduct_.running.Drain();
  const std::jthread shutdown([this, grace] {
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::duration_cast<std::chrono::microseconds>(grace));
  });
  conduct_.running.AwaitNone(deadline, kFarewell);
  // gRPC would wait for connections without a call, of peers that do not acknowledge the GOAWAY, to the deadline.
  grpc_server_cancel_all_calls(server_->c_server());
}

}  // namespace stock
