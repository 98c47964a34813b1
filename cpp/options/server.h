// The command line of stock_server, typed and free of contradictions.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

#include "cpp/options/grammar.h"

namespace stock::options {

// What stock_server was asked for. Where `help` or `version` is set the rest means nothing.
struct Server {
  bool help = false;
  bool version = false;

  std::string host = "127.0.0.1";
  std::int64_t port = 50051;
  std::string security;  // plaintext, tls or mtls
  std::string cert_file;
  std::string key_file;
  std::string client_ca_file;
  std::chrono::nanoseconds grace = std::chrono::seconds(3);
  std::int64_t max_receive_bytes = kDefaultReceiveBytes;
  bool conformance = false;
  bool session = false;
};

Result<Server> ParseServer(std::span<const std::string> words);

std::string ServerUsage();

// Whether plaintext may be served there without further ado: `localhost` and literal loopback addresses.
bool IsLoopback(const std::string& host);

}  // namespace stock::options
