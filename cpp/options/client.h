// The command line of stock_client, typed and free of contradictions.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cpp/options/grammar.h"

namespace stock::options {

// What stock_client was asked for. Where `help` or `version` is set the rest means nothing.
struct Client {
  bool help = false;
  bool version = false;
  bool session = false;

  std::string operation;
  std::vector<std::string> arguments;  // bytes, as given
  std::string server = "127.0.0.1:50051";
  bool tls = false;
  std::string ca_file;  // empty: the system's roots
  std::string cert_file;
  std::string key_file;
  std::string server_name;
  std::chrono::nanoseconds timeout = std::chrono::seconds(5);  // 0: none
  std::int64_t max_receive_bytes = kDefaultReceiveBytes;
  std::int64_t count = 0;  // of events that monitor prints; 0: until stopped
};

Result<Client> ParseClient(std::span<const std::string> words);

std::string ClientUsage();

// An argument of batch: `KEY=VALUE`, split at the first `=`.
struct Item {
  std::string key, value;
};
Result<Item> ParseItem(std::string_view argument);

// An argument of trade: `buy:SYMBOL:N` and `sell:SYMBOL:N`, split at the first colon and the last; `query:SYMBOL`.
struct TradeArgument {
  std::string kind;  // buy, sell or query
  std::string symbol;
  std::int32_t quantity = 0;
};
Result<TradeArgument> ParseTradeArgument(std::string_view argument);

}  // namespace stock::options
