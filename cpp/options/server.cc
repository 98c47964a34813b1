#include "cpp/options/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace stock::options {
namespace {

constexpr std::array<std::string_view, 6> kModes{"none", "tls", "mtls", "disabled", "server", "manual"};

// The values of the flags, of which some need another look.
struct Values {
  Server server;
  std::string mode = "none";
  bool allow_plaintext = false;

  std::vector<Flag> Table();
  void SettleMode();
  Result<void> Check();
};

std::vector<Flag> Values::Table() {
  Setter set_mode = [this](const std::string& value) -> std::optional<std::string> {
    if (std::ranges::find(kModes, value) == kModes.end()) return "none, tls or mtls";
    mode = value;
    return std::nullopt;
  };
  return {
      {"host", "H", "address to bind (default 127.0.0.1)", SetText(server.host)},
      {"port", "N", "port to bind; 0 = any free one (default 50051)", SetInteger(server.port, 0, 65535)},
      {"tls-mode", "MODE", "none, tls or mtls (default none)", std::move(set_mode)},
      {"cert-file", "F", "the server's certificate chain, PEM", SetText(server.cert_file)},
      {"key-file", "F", "the server's private key, PEM PKCS#8", SetText(server.key_file)},
      {"client-ca-file", "F", "roots for client certificates, PEM; mtls", SetText(server.client_ca_file)},
      {"grace-seconds", "S", "time for running calls when the server drains (default 3)", SetSeconds(server.grace)},
      {"max-receive-bytes", "N", "largest message read, after decompression (default 4194304)",
       SetInteger(server.max_receive_bytes, 1, kMaxReceiveBytes)},
      {"allow-plaintext-network", "", "allow a host beyond loopback without TLS", SetTrue(allow_plaintext)},
      {"conformance", "", "obey the directives in request metadata", SetTrue(server.conformance)},
      {"session", "", "be driven by frames on standard input and output", SetTrue(server.session)},
      {"help", "", "print this and exit", SetTrue(server.help)},
      {"version", "", "print the version and exit", SetTrue(server.version)},
  };
}

// Replaces the names that upstream gives to modes.
void Values::SettleMode() {
  if (mode == "disabled") mode = "none";
  if (mode == "server" || mode == "manual") mode = server.client_ca_file.empty() ? "tls" : "mtls";
}

// Finds contradictions and settles the security.
Result<void> Values::Check() {
  SettleMode();
  struct File {
    std::string_view flag;
    const std::string& value;
    bool needed;
  };
  for (const File& file :
       {File{"cert-file", server.cert_file, mode != "none"}, File{"key-file", server.key_file, mode != "none"},
        File{"client-ca-file", server.client_ca_file, mode == "mtls"}}) {
    if (!file.value.empty() && !file.needed) {
      return Refuse("--{} does not go with --tls-mode {}", file.flag, mode);
    }
    if (file.value.empty() && file.needed) return Refuse("--tls-mode {} needs --{}", mode, file.flag);
  }
  server.security = mode == "none" ? "plaintext" : mode;
  if (mode == "none" && !allow_plaintext && !IsLoopback(server.host)) {
    return Refuse("--host {} without TLS needs --allow-plaintext-network", Printable(server.host));
  }
  return {};
}

// What is left of the options in a session.
Result<Server> ForSession(const Line& line, const Server& given) {
  constexpr std::array<std::string_view, 2> kAllowed{"conformance", "grace-seconds"};
  if (auto checked = OnlyWithSession(line, kAllowed); !checked) return tl::unexpected(checked.error());
  Server server;
  server.grace = given.grace;
  server.conformance = true;
  server.session = true;
  return server;
}

}  // namespace

Result<Server> ParseServer(std::span<const std::string> words) {
  Values values;
  const Result<Line> line = Parse(values.Table(), words);
  if (!line) return tl::unexpected(line.error());
  if (values.server.help || values.server.version) return values.server;
  if (!line->arguments.empty()) return Refuse("stray argument: {}", Printable(line->arguments.front()));
  if (values.server.session) return ForSession(*line, values.server);
  if (auto checked = values.Check(); !checked) return tl::unexpected(checked.error());
  return values.server;
}

std::string ServerUsage() { return "usage: stock_server [FLAGS]\n" + Usage(Values().Table()); }

bool IsLoopback(const std::string& host) {
  if (host == "localhost") return true;
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24U) == IN_LOOPBACKNET;
  in6_addr v6{};
  return inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

}  // namespace stock::options
