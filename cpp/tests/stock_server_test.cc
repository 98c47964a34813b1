// The program `stock_server`: what it prints, and how it ends.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>

#include "cpp/tests/process.h"
#include "cpp/tests/testcerts.h"

namespace stock::testing {
namespace {

using std::chrono::steady_clock;

constexpr char kReady[] = "Server listening on ";

std::string AddressOf(const std::string& line) {
  EXPECT_EQ(line.substr(0, sizeof kReady - 1), kReady);
  return line.substr(sizeof kReady - 1);
}

std::string PortOf(const std::string& address) { return address.substr(address.rfind(':') + 1); }

// A connection that says nothing.
int Connect(const std::string& port) {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  return connection;
}

void ExpectRefused(const std::vector<std::string>& arguments, int code, const std::string& reason) {
  const Ended ended = Process::Run("SERVER", arguments);
  EXPECT_EQ(ended.code, code) << ended.errors;
  EXPECT_EQ(ended.output, "");
  EXPECT_NE(ended.errors.find(reason), std::string::npos) << ended.errors;
}

TEST(StockServerTest, SaysWhereItListensAndDrainsAtASignal) {
  for (const int signal : {SIGTERM, SIGINT}) {
    Process first("SERVER", {"--port", "0"});
    const std::string address = AddressOf(first.ReadLine());
    EXPECT_EQ(address.substr(0, address.rfind(':')), "127.0.0.1");
    const int idle = Connect(PortOf(address));
    first.Signal(signal);
    const Ended ended = first.Wait();
    EXPECT_EQ(ended.code, 0) << ended.errors;
    EXPECT_EQ(ended.output, "");
    close(idle);
    // It works at once on the port of a drained server.
    Process second("SERVER", {"--port", PortOf(address)});
    EXPECT_EQ(AddressOf(second.ReadLine()), address);
    second.Signal(signal);
    EXPECT_EQ(second.Wait().code, 0);
  }
}

TEST(StockServerTest, ASecondSignalEndsItAtOnce) {
  Process server("SERVER", {"--port", "0", "--grace-seconds", "60"});
  const int idle = Connect(PortOf(AddressOf(server.ReadLine())));
  const auto begun = steady_clock::now();
  server.Signal(SIGTERM);
  server.Signal(SIGINT);
  EXPECT_EQ(server.Wait().code, 0);
  EXPECT_LT(steady_clock::now() - begun, std::chrono::seconds(5));
  close(idle);
}

TEST(StockServerTest, ListensOnIpv6) {
  Process server("SERVER", {"--host", "::1", "--port", "0"});
  EXPECT_EQ(AddressOf(server.ReadLine()).substr(0, 6), "[::1]:");
  server.Signal(SIGTERM);
  EXPECT_EQ(server.Wait().code, 0);
}

TEST(StockServerTest, ExplainsItself) {
  const Ended help = Process::Run("SERVER", {"--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_EQ(help.output.substr(0, 27), "usage: stock_server [FLAGS]");
  const Ended version = Process::Run("SERVER", {"--version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_NE(version.output.find(" cpp grpc++ "), std::string::npos) << version.output;
}

TEST(StockServerTest, WhatCannotBePrintedIsAnInternalFault) {
  for (const char* argument : {"--help", "--version", "--port=0"}) {
    const Ended ended = Process::RunToFull("SERVER", {argument});
    EXPECT_EQ(ended.code, 4) << argument;
    EXPECT_EQ(ended.errors, "writing standard output: No space left on device\n") << argument;
  }
}

TEST(StockServerTest, RefusesWhatIsWrong) {
  ExpectRefused({"--bogus"}, 2, "unknown flag: --bogus\nusage: ");
  ExpectRefused({"--host", "192.0.2.1", "--allow-plaintext-network"}, 3, "cannot bind 192.0.2.1:50051: ");
  Process first("SERVER", {"--port", "0"});
  ExpectRefused({"--port", PortOf(AddressOf(first.ReadLine()))}, 3, "Address already in use");
}

TEST(StockServerTest, RefusesUnusableFilesInOneLine) {
  const Authority authority("p256");
  const credentials::Identity identity = authority.Issue();
  const std::string chain = WriteFile("chain.pem", identity.chain_pem);
  const std::string other = WriteFile("other.pem", authority.Issue().key_pem);
  const std::vector<std::string> tls{"--tls-mode", "tls", "--cert-file", chain, "--key-file"};
  const auto with_key = [&tls](const std::string& file) {
    std::vector<std::string> arguments = tls;
    arguments.push_back(file);
    return arguments;
  };
  ExpectRefused(with_key(other), 2, "does not match");
  ExpectRefused(with_key(chain), 2, "not a PEM PKCS#8");
  ExpectRefused(with_key("/none"), 2, "/none: No such file");
  Process server("SERVER", {"--port", "0", "--tls-mode", "tls", "--cert-file", chain, "--key-file",
                            WriteFile("key.pem", identity.key_pem)});
  AddressOf(server.ReadLine());
  server.Signal(SIGTERM);
  EXPECT_EQ(server.Wait().code, 0);
}

TEST(StockServerTest, ASessionEndsWithItsInput) {
  const Ended ended = Process::Run("SERVER", {"--session"});
  EXPECT_EQ(ended.code, 0) << ended.errors;
  EXPECT_NE(ended.output.find("reflection_v1"), std::string::npos) << "in Hello";
  const Ended cut = Process::Run("SERVER", {"--session"}, std::string("\0\0", 2));
  EXPECT_EQ(cut.code, 4);
  EXPECT_EQ(cut.errors, "standard input ends within a frame\n");
}

}  // namespace
}  // namespace stock::testing
