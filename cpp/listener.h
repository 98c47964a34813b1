// The life of a server: a socket with every service behind it, from the bind to the end of its drain.
#pragma once

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cpp/reactor.h"
#include "cpp/result.h"

namespace stock {

class HealthService;

// Where and how a listener serves.
struct ListenerConfig {
  std::string host;
  std::uint16_t port = 0;  // 0: any free one
  std::string security;    // plaintext, tls or mtls: what Inventory says
  std::shared_ptr<grpc::ServerCredentials> credentials;
  std::int64_t max_receive_bytes = 0;  // 0: 4 MiB
  std::shared_ptr<Stores> stores;
  bool conformance = false;  // whether directives are obeyed
  Directed::Report report;
};

// Accepts connections from Listen to Drain.
class Listener {
 public:
  // How long the ends of aborted calls may take: their handlers have been cancelled.
  static constexpr std::chrono::milliseconds kAbortTimeout{500};

  // Binds and serves; else tells why it cannot.
  static Result<std::unique_ptr<Listener>> Listen(const ListenerConfig& config);

  // Aborts what still runs, if there was no drain.
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  Listener(Listener&&) = delete;
  Listener& operator=(Listener&&) = delete;

  // The address bound, as a literal: `127.0.0.1:PORT`, `[::1]:PORT`.
  [[nodiscard]] std::string address() const;
  [[nodiscard]] std::uint16_t port() const { return port_; }

  // Refuses new connections, ends the streams that have no end of their own and lets the other calls go on within
  // `grace`, after which it aborts them. It returns when no call is left.
  void Drain(std::chrono::nanoseconds grace);

 private:
  Listener(const ListenerConfig& config, std::string literal);
  void AddServices(const ListenerConfig& config);
  bool Start(const ListenerConfig& config);

  const std::string literal_;  // of the host
  std::uint16_t port_ = 0;
  Conduct conduct_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  HealthService* health_ = nullptr;  // one of the services
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace stock
