#include "cpp/options/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "cpp/text.h"

namespace stock::options {
namespace {

// One thing that stock_client does.
struct Operation {
  std::string_view name;
  std::size_t least, most;  // arguments
  std::string_view arguments;
  bool named;  // the first argument is a key, a prefix or a name: UTF-8
};

constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();

constexpr std::array kOperations{
    Operation{"get", 1, 1, "KEY", true},
    Operation{"put", 2, 2, "KEY VALUE|-", true},
    Operation{"delete", 1, 1, "KEY", true},
    Operation{"monitor", 0, 1, "[PREFIX] [--count N]", true},
    Operation{"batch", 0, kAny, "[KEY=VALUE ...]", false},
    Operation{"trade", 1, kAny, "buy:SYMBOL:N|sell:SYMBOL:N|query:SYMBOL ...", false},
    Operation{"inventory", 0, 0, "", false},
    Operation{"kv-get", 1, 1, "KEY", true},
    Operation{"kv-put", 2, 2, "KEY VALUE|-", true},
    Operation{"health", 0, 1, "[SERVICE]", true},
};

bool IsIpv6(const std::string& address) {
  in6_addr parsed{};
  return inet_pton(AF_INET6, address.c_str(), &parsed) == 1;
}

bool IsHostName(std::string_view host) {
  return !host.empty() && host.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") ==
                              std::string_view::npos;
}

// Whether a server is `host:port`, with an IPv6 address in brackets.
bool IsEndpoint(std::string_view server) {
  const std::size_t colon = server.rfind(':');
  if (colon == std::string_view::npos) return false;
  const auto port = ParseDigits(server.substr(colon + 1));
  if (!port || *port < 1 || *port > std::numeric_limits<std::uint16_t>::max()) return false;
  const std::string_view host = server.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) return IsIpv6(std::string(host.substr(1, host.size() - 2)));
  return IsHostName(host);
}

Setter SetEndpoint(std::string& target) {
  return [&target](const std::string& value) -> std::optional<std::string> {
    if (!IsEndpoint(value)) return "HOST:PORT";
    target = value;
    return std::nullopt;
  };
}

std::vector<Flag> Table(Client& client) {
  return {
      {"server", "H:P", "endpoint to call (default 127.0.0.1:50051)", SetEndpoint(client.server)},
      {"tls", "", "use TLS", SetTrue(client.tls)},
      {"ca-file", "F", "roots for the server's certificate, PEM (default: the system's)", SetText(client.ca_file)},
      {"cert-file", "F", "the client's certificate chain, PEM", SetText(client.cert_file)},
      {"key-file", "F", "the client's private key, PEM PKCS#8", SetText(client.key_file)},
      {"server-name", "N", "name to verify the server's certificate against", SetText(client.server_name)},
      {"timeout-seconds", "S", "deadline of the call; 0 = none (default 5)", SetSeconds(client.timeout)},
      {"max-receive-bytes", "N", "largest message read, after decompression (default 4194304)",
       SetInteger(client.max_receive_bytes, 1, kMaxReceiveBytes)},
      {"count", "N", "monitor: events to print; 0 = until stopped (default 0)",
       SetInteger(client.count, 0, std::numeric_limits<std::int64_t>::max())},
      {"session", "", "be driven by frames on standard input and output", SetTrue(client.session)},
      {"help", "", "print this and exit", SetTrue(client.help)},
      {"version", "", "print the version and exit", SetTrue(client.version)},
  };
}

Result<Client> ForSession(const Line& line) {
  if (auto checked = OnlyWithSession(line, {}); !checked) return tl::unexpected(checked.error());
  if (!line.arguments.empty()) {
    return Refuse("--session goes without an operation: {}", Printable(line.arguments.front()));
  }
  Client client;
  client.session = true;
  return client;
}

Result<void> SetOperation(const Line& line, Client& client) {
  if (line.arguments.empty()) return Refuse("an operation is needed");
  const std::string& name = line.arguments.front();
  const std::span<const std::string> arguments = std::span(line.arguments).subspan(1);
  const auto* const operation = std::ranges::find(kOperations, name, &Operation::name);
  if (operation == kOperations.end()) return Refuse("unknown operation: {}", Printable(name));
  if (arguments.size() < operation->least) return Refuse("{} needs {}", name, operation->arguments);
  if (arguments.size() > operation->most) {
    return Refuse("stray argument: {}", Printable(arguments[operation->most]));
  }
  if (operation->named && !arguments.empty() && !IsUtf8(arguments.front())) {
    return Refuse("{}: {} given, UTF-8 expected", name, Quoted(arguments.front()));
  }
  client.operation = name;
  client.arguments.assign(arguments.begin(), arguments.end());
  return {};
}

// Finds contradictions.
Result<void> Check(const Line& line, const Client& client) {
  if (line.given.contains("count") && client.operation != "monitor") {
    return Refuse("--count does not go with {}", client.operation);
  }
  for (const char* name : {"ca-file", "cert-file", "key-file", "server-name"}) {
    if (!client.tls && line.given.contains(name)) return Refuse("--{} needs --tls", name);
  }
  if (client.key_file.empty() && !client.cert_file.empty()) return Refuse("--cert-file needs --key-file");
  if (client.cert_file.empty() && !client.key_file.empty()) return Refuse("--key-file needs --cert-file");
  return {};
}

}  // namespace

Result<Client> ParseClient(std::span<const std::string> words) {
  Client client;
  const Result<Line> line = Parse(Table(client), words);
  if (!line) return tl::unexpected(line.error());
  if (client.help || client.version) return client;
  if (client.session) return ForSession(*line);
  if (auto checked = SetOperation(*line, client); !checked) return tl::unexpected(checked.error());
  if (auto checked = Check(*line, client); !checked) return tl::unexpected(checked.error());
  return client;
}

std::string ClientUsage() {
  std::string usage = "usage: stock_client OPERATION [ARGUMENTS] [FLAGS]\n";
  for (const Operation& operation : kOperations) {
    usage += fmt::format("  {}{}{}\n", operation.name, operation.arguments.empty() ? "" : " ", operation.arguments);
  }
  Client client;
  return usage + Usage(Table(client));
}

Result<Item> ParseItem(std::string_view argument) {
  const std::size_t equals = argument.find('=');
  if (equals == std::string_view::npos) return Refuse("batch: {} given, KEY=VALUE expected", Quoted(argument));
  const std::string_view key = argument.substr(0, equals);
  if (!IsUtf8(key)) return Refuse("batch: {} given, a key of UTF-8 expected", Quoted(key));
  return Item{.key = std::string(key), .value = std::string(argument.substr(equals + 1))};
}

Result<TradeArgument> ParseTradeArgument(std::string_view argument) {
  auto refused = Refuse("trade: {} given, buy:SYMBOL:N, sell:SYMBOL:N or query:SYMBOL expected", Quoted(argument));
  const std::size_t colon = argument.find(':');
  if (colon == std::string_view::npos) return refused;
  TradeArgument parsed;
  parsed.kind = argument.substr(0, colon);
  std::string_view rest = argument.substr(colon + 1);
  if (parsed.kind == "buy" || parsed.kind == "sell") {
    const std::size_t last = rest.rfind(':');
    if (last == std::string_view::npos) return refused;
    const std::string_view number = rest.substr(last + 1);
    const auto [end, error] = std::from_chars(number.begin(), number.end(), parsed.quantity);
    if (error != std::errc() || end != number.end()) return refused;
    rest = rest.substr(0, last);
  } else if (parsed.kind != "query") {
    return refused;
  }
  if (!IsUtf8(rest)) return refused;
  parsed.symbol = rest;
  return parsed;
}

}  // namespace stock::options
