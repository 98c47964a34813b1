#include <gtest/gtest.h>

#include <map>
#include <random>
#include <sstream>

#include "cpp/options/client.h"
#include "cpp/options/server.h"

namespace stock::options {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::vector<std::string> Words(const std::string& line) {
  std::istringstream stream(line);
  return {std::istream_iterator<std::string>(stream), {}};
}

using Refusals = std::map<std::string, std::string>;  // by line: a part of the reason

template <typename Parsed>
void ExpectRefused(const Refusals& refusals, Result<Parsed> (*parse)(std::span<const std::string>)) {
  for (const auto& [line, reason] : refusals) {
    const auto words = Words(line);
    const auto parsed = parse(words);
    ASSERT_FALSE(parsed) << line;
    EXPECT_NE(parsed.error().find(reason), std::string::npos) << line << ": " << parsed.error();
  }
}

TEST(OptionsTest, AServerHasDefaults) {
  const auto server = ParseServer({});
  ASSERT_TRUE(server);
  EXPECT_EQ(server->host, "127.0.0.1");
  EXPECT_EQ(server->port, 50051);
  EXPECT_EQ(server->security, "plaintext");
  EXPECT_EQ(server->grace, seconds(3));
  EXPECT_EQ(server->max_receive_bytes, 4194304);
  EXPECT_FALSE(server->conformance || server->session || server->help || server->version);
}

TEST(OptionsTest, AServersFlagsAreRead) {
  const auto given = Words(
      "--port 1 --port=0 --host=::1 --grace-seconds 0.25 --max-receive-bytes=9 --conformance --tls-mode disabled");
  const auto server = ParseServer(given);
  ASSERT_TRUE(server) << server.error();
  EXPECT_EQ(server->port, 0);
  EXPECT_EQ(server->host, "::1");
  EXPECT_EQ(server->grace, milliseconds(250));
  EXPECT_EQ(server->max_receive_bytes, 9);
  EXPECT_TRUE(server->conformance);
}

TEST(OptionsTest, ModesOfSecurityHaveUpstreamsNamesToo) {
  const std::map<std::string, std::string> securities{
      {"--tls-mode none --host localhost", "plaintext"},
      {"--tls-mode none --host 127.9.9.9", "plaintext"},
      {"--host 0.0.0.0 --allow-plaintext-network", "plaintext"},
      {"--cert-file c --key-file=k --tls-mode tls --host 0.0.0.0", "tls"},
      {"--cert-file c --key-file=k --tls-mode manual", "tls"},
      {"--cert-file c --key-file=k --tls-mode server --client-ca-file r", "mtls"},
  };
  for (const auto& [line, security] : securities) {
    const auto words = Words(line);
    const auto server = ParseServer(words);
    ASSERT_TRUE(server) << line << ": " << server.error();
    EXPECT_EQ(server->security, security) << line;
  }
}

TEST(OptionsTest, OfASessionLittleIsAsked) {
  const auto given = Words("--session --grace-seconds 1 --conformance");
  const auto server = ParseServer(given);
  ASSERT_TRUE(server);
  EXPECT_TRUE(server->session && server->conformance);
  EXPECT_EQ(server->grace, seconds(1));
  const auto client = ParseClient(Words("--session"));
  ASSERT_TRUE(client);
  EXPECT_TRUE(client->session);
}

TEST(OptionsTest, AServersRefusalsNameTheCulprit) {
  ExpectRefused<Server>(
      {
          {"--bogus", "unknown flag: --bogus"},
          {"--por 1", "unknown flag: --por"},
          {"--port", "--port needs a value"},
          {"--port=", R"(--port: "" given)"},
          {"--port x --port 1", R"(--port: "x" given)"},
          {"--port 65536", R"(--port: "65536" given)"},
          {"--port +1", R"(--port: "+1" given)"},
          {"--port 1_0", R"(--port: "1_0" given)"},
          {"--host=", R"(--host: "" given)"},
          {"--conformance=true", "--conformance takes no value"},
          {"--grace-seconds 1e3", R"(--grace-seconds: "1e3" given)"},
          {"--grace-seconds -1", R"(--grace-seconds: "-1" given)"},
          {"--grace-seconds 1.", R"(--grace-seconds: "1." given)"},
          {"--grace-seconds inf", R"(--grace-seconds: "inf" given)"},
          {"--max-receive-bytes 0", "--max-receive-bytes"},
          {"-5", "stray argument: -5"},
          {"-- --port", "stray argument: --port"},
          {"--tls-mode ssl", "--tls-mode"},
          {"--cert-file c", "--cert-file does not go with --tls-mode none"},
          {"--tls-mode tls --cert-file c", "--tls-mode tls needs --key-file"},
          {"--tls-mode mtls --cert-file c --key-file k", "--tls-mode mtls needs --client-ca-file"},
          {"--tls-mode tls --cert-file c --key-file k --client-ca-file r",
           "--client-ca-file does not go with --tls-mode tls"},
          {"--host 192.0.2.1", "--allow-plaintext-network"},
          {"--host localhost.", "--allow-plaintext-network"},
          {"--session --port 0", "--session goes without --port"},
          {"--tls-mode none --session", "--session goes without --tls-mode"},
      },
      ParseServer);
}

TEST(OptionsTest, AClientsArgumentsAreTheRest) {
  const std::map<std::string, std::vector<std::string>> lines{
      {"get k", {"k"}},
      {"get -5", {"-5"}},
      {"put - -", {"-", "-"}},
      {"put -- --k --v", {"--k", "--v"}},
      {"put k --timeout-seconds 0.5 v", {"k", "v"}},
      {"--timeout-seconds=0 inventory", {}},
      {"monitor --count 3", {}},
      {"batch", {}},
      {"health --server [::1]:1", {}},
      {"kv-get k --server my-host.x:65535", {"k"}},
  };
  for (const auto& [line, arguments] : lines) {
    const auto words = Words(line);
    const auto client = ParseClient(words);
    ASSERT_TRUE(client) << line << ": " << client.error();
    EXPECT_EQ(client->arguments, arguments) << line;
  }
}

TEST(OptionsTest, AClientsFlagsAreRead) {
  const auto given = Words(
      "get k --tls --ca-file a --cert-file b --key-file c --server-name d --server h:1 --timeout-seconds 0.5 "
      "--max-receive-bytes 7");
  const auto client = ParseClient(given);
  ASSERT_TRUE(client) << client.error();
  EXPECT_EQ(client->ca_file + client->cert_file + client->key_file + client->server_name, "abcd");
  EXPECT_EQ(client->server, "h:1");
  EXPECT_EQ(client->timeout, milliseconds(500));
  EXPECT_EQ(client->max_receive_bytes, 7);
}

TEST(OptionsTest, AClientsRefusalsNameTheCulprit) {
  ExpectRefused<Client>(
      {
          {"", "an operation is needed"},
          {"fetch k", "unknown operation: fetch"},
          {"get", "get needs KEY"},
          {"get k l", "stray argument: l"},
          {"get \xff", "UTF-8 expected"},
          {"get k --count 1", "--count does not go with get"},
          {"get k --ca-file f", "--ca-file needs --tls"},
          {"get k --server-name n", "--server-name needs --tls"},
          {"get k --tls --cert-file f", "--cert-file needs --key-file"},
          {"get k --tls --key-file f", "--key-file needs --cert-file"},
          {"get k --server h", "--server"},
          {"get k --server :1", "--server"},
          {"get k --server h:0", "--server"},
          {"get k --server h:http", "--server"},
          {"get k --server ::1:1", "--server"},
          {"get k --server [h]:1", "--server"},
          {"get k --server dns:///h:1", "--server"},
          {"--session get", "--session goes without an operation: get"},
          {"--session --timeout-seconds 1", "--session goes without --timeout-seconds"},
          {"get k --timeout-seconds 1,5", "--timeout-seconds"},
      },
      ParseClient);
}

TEST(OptionsTest, ItemsSplitAtTheFirstEqualsSign) {
  const auto item = ParseItem("k=v=\xff");
  ASSERT_TRUE(item);
  EXPECT_EQ(item->key, "k");
  EXPECT_EQ(item->value, "v=\xff");
  EXPECT_FALSE(ParseItem("k"));
  EXPECT_FALSE(ParseItem("\xff=v"));
}

TEST(OptionsTest, OrdersSplitAtTheirColons) {
  const auto expect_order = [](const char* argument, const char* kind, const char* symbol, std::int32_t quantity) {
    const auto order = ParseTradeArgument(argument);
    ASSERT_TRUE(order) << argument;
    EXPECT_EQ(order->kind, kind);
    EXPECT_EQ(order->symbol, symbol);
    EXPECT_EQ(order->quantity, quantity);
  };
  expect_order("buy:acme:5", "buy", "acme", 5);
  expect_order("sell::-1", "sell", "", -1);
  expect_order("buy:a:b:1", "buy", "a:b", 1);
  expect_order("query:a:1", "query", "a:1", 0);
  for (const char* argument : {"", "buy", "buy:acme", "buy:acme:", "buy:acme:+5", "buy:acme:2147483648", "hold:acme:1",
                               "query", "buy:\xff:1"}) {
    EXPECT_FALSE(ParseTradeArgument(argument)) << argument;
  }
}

TEST(OptionsTest, TheUsageNamesFlagsAndOperations) {
  for (const char* part : {"--host", "--tls-mode", "--allow-plaintext-network", "--version"}) {
    EXPECT_NE(ServerUsage().find(part), std::string::npos) << part;
  }
  for (const char* part : {"--count", "kv-put", "monitor", "--server-name"}) {
    EXPECT_NE(ClientUsage().find(part), std::string::npos) << part;
  }
}

// No command line breaks the parsers, and what they refuse is one line.
TEST(OptionsTest, RandomLinesAreReadOrRefused) {
  constexpr int kLines = 3000;
  const std::vector<std::string> parts{"--",    "-",     "=",       "port", "session", "get", "tls",    "0",
                                       "9",     ".",     ":",       "\xff", "\n",      " ",   "server", "grace-seconds",
                                       "[::1]", "count", "buy:a:1", "help"};
  std::mt19937 random(1);  // the same lines always
  std::uniform_int_distribution<std::size_t> part(0, parts.size() - 1);
  std::uniform_int_distribution<int> length(0, 6);
  const auto expect_one_line = [](const auto& parsed) {
    EXPECT_TRUE(parsed || (!parsed.error().empty() && parsed.error().find('\n') == std::string::npos));
  };
  for (int line = 0; line < kLines; ++line) {
    std::vector<std::string> words(static_cast<std::size_t>(length(random)));
    for (std::string& word : words) {
      for (int parts_left = length(random); parts_left > 0; --parts_left) word += parts[part(random)];
    }
    expect_one_line(ParseServer(words));
    expect_one_line(ParseClient(words));
    for (const std::string& word : words) expect_one_line(ParseTradeArgument(word));
  }
}

}  // namespace
}  // namespace stock::options
