// The program `stock_client`, against the program `stock_server`.
#include <gtest/gtest.h>

#include <csignal>

#include "cpp/tests/process.h"
#include "cpp/tests/testcerts.h"

namespace stock::testing {
namespace {

class StockClientTest : public ::testing::Test {
 protected:
  explicit StockClientTest(const std::vector<std::string>& server_arguments = {"--port", "0"})
      : server_("SERVER", server_arguments) {
    const std::string line = server_.ReadLine();
    address_ = line.substr(line.rfind(' ') + 1);
  }

  std::vector<std::string> Words(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--server", address_});
    return arguments;
  }

  Ended Run(const std::vector<std::string>& arguments, const std::string& input = "") const {
    return Process::Run("CLIENT", Words(arguments), input);
  }

  void ExpectOutput(const std::vector<std::string>& arguments, const std::string& output,
                    const std::string& input = "") const {
    const Ended ended = Run(arguments, input);
    EXPECT_EQ(ended.code, 0) << ended.errors;
    EXPECT_EQ(ended.output, output);
    EXPECT_EQ(ended.errors, "");
  }

  void ExpectError(const std::vector<std::string>& arguments, int code, const std::string& error) const {
    const Ended ended = Run(arguments);
    EXPECT_EQ(ended.code, code);
    EXPECT_EQ(ended.errors, error);
    EXPECT_EQ(ended.output, "");
  }

  Process server_;
  std::string address_;
};

TEST_F(StockClientTest, StoresAndReads) {
  ExpectOutput({"put", "k", "v\xff"}, "OK\n");
  ExpectOutput({"get", "k"}, "v\xff\n");
  ExpectOutput({"kv-get", "k"}, "v\xff\n");
  ExpectOutput({"kv-put", "k", "-"}, "OK\n", std::string("a\0b\n", 4));
  ExpectOutput({"get", "k"}, std::string("a\0b\n\n", 5));
  ExpectOutput({"delete", "k"}, "OK\n");
  ExpectError({"get", "k"}, 64 + 5, "NOT_FOUND: key not found: k\n");
  ExpectError({"delete", "k"}, 64 + 5, "NOT_FOUND: key not found: k\n");
  ExpectError({"put", "", "v"}, 64 + 3, "INVALID_ARGUMENT: invalid key: 1 to 1024 bytes of UTF-8 without NUL\n");
}

TEST_F(StockClientTest, StoresBatches) {
  ExpectOutput({"batch", "a=12", "b=3=4", "=x"}, "total=3 successful=2 failed=1 bytes=5\n");
  ExpectOutput({"get", "b"}, "3=4\n");
  ExpectOutput({"batch"}, "total=2 successful=2 failed=0 bytes=3\n", "c=1\n \n\nd=\xff\r");
  ExpectOutput({"batch"}, "total=0 successful=0 failed=0 bytes=0\n");
}

TEST_F(StockClientTest, Trades) {
  ExpectOutput({"trade", "buy:ac\tme:5", "sell:ac\tme:6", "query:ac\tme"},
               "ok\tac\\tme\t5\tbought\n"
               "rejected\tac\\tme\t0\tinsufficient position: have 5, want 6\n"
               "ok\tac\\tme\t5\tposition\n");
}

TEST_F(StockClientTest, TellsOfTheServer) {
  ExpectOutput({"put", "k", "123"}, "OK\n");
  const Ended ended = Run({"inventory"});
  EXPECT_EQ(ended.output.substr(0, 15), "items=1\nbytes=3");
  EXPECT_NE(ended.output.find("\nmetadata.language=cpp\nmetadata.library=grpc++ "), std::string::npos) << ended.output;
  ExpectOutput({"health"}, "SERVING\n");
  ExpectOutput({"health", "proto.KV"}, "SERVING\n");
  ExpectError({"health", "nobody"}, 64 + 5, "NOT_FOUND: unknown service\n");
}

TEST_F(StockClientTest, MonitorsChanges) {
  Process monitor("CLIENT", Words({"monitor", "a*", "--count", "2", "--timeout-seconds", "0"}));
  // Until it is subscribed: what is put before that is not told.
  for (int puts = 0; puts < 100; ++puts) ExpectOutput({"put", "a", "\n"}, "OK\n");
  const std::string line = monitor.ReadLine();
  EXPECT_EQ(line.substr(line.find('\t')), "\tPUT\ta\t\\n");
  monitor.ReadLine();
  EXPECT_EQ(monitor.Wait().code, 0);
}

TEST_F(StockClientTest, EndsAtAnInterruption) {
  Process monitor("CLIENT", Words({"monitor", "--timeout-seconds", "0"}));
  Process reading("CLIENT", Words({"put", "k", "-"}));
  // A program that has not begun would be killed by the signal.
  Process session("CLIENT", {"--session"});
  session.CloseInput();
  EXPECT_EQ(session.Wait().code, 0);
  ExpectOutput({"health"}, "SERVING\n");
  monitor.Signal(SIGINT);
  EXPECT_EQ(monitor.Wait().code, 130);
  reading.Signal(SIGINT);
  EXPECT_EQ(reading.Wait().code, 130);
}

TEST_F(StockClientTest, ADeadlineIsAStatus) {
  const Ended ended = Run({"monitor", "--timeout-seconds", "0.1"});
  EXPECT_EQ(ended.code, 64 + 4);
  EXPECT_EQ(ended.errors.substr(0, 19), "DEADLINE_EXCEEDED: ");
}

TEST_F(StockClientTest, WhatCannotBePrintedIsAnInternalFault) {
  for (const auto& arguments : {std::vector<std::string>{"--help"}, {"--version"}, Words({"put", "k", "v"})}) {
    const Ended ended = Process::RunToFull("CLIENT", arguments);
    EXPECT_EQ(ended.code, 4) << arguments.front();
    EXPECT_EQ(ended.errors, "writing standard output: No space left on device\n") << arguments.front();
  }
}

TEST_F(StockClientTest, RefusesWhatIsWrong) {
  const Ended usage = Run({"fetch"});
  EXPECT_EQ(usage.code, 2);
  EXPECT_EQ(usage.errors.substr(0, 32), "unknown operation: fetch\nusage: ");
  EXPECT_EQ(Run({"batch", "k"}).code, 2);
  EXPECT_EQ(Run({"trade", "hold:a:1"}).code, 2);
  ExpectError({"get", "k", "--tls", "--ca-file", "/none"}, 2, "/none: No such file or directory\n");
  const Ended nobody = Process::Run("CLIENT", {"get", "k", "--server", "127.0.0.1:1"});
  EXPECT_EQ(nobody.code, 64 + 14) << nobody.errors;
}

TEST(StockClientTlsTest, ItsEndsKnowEachOther) {
  const Authority authority("p384");
  const credentials::Identity server_identity = authority.Issue();
  const credentials::Identity client_identity = authority.Issue();
  const std::string roots = WriteFile("roots.pem", authority.roots_pem());
  Process server("SERVER", {"--port", "0", "--tls-mode", "mtls", "--client-ca-file", roots, "--cert-file",
                            WriteFile("server.pem", server_identity.chain_pem), "--key-file",
                            WriteFile("server.key", server_identity.key_pem)});
  const std::string line = server.ReadLine();
  const Ended ended = Process::Run(
      "CLIENT", {"inventory", "--server", line.substr(line.rfind(' ') + 1), "--tls", "--ca-file", roots,
                 "--server-name", "localhost", "--cert-file", WriteFile("client.pem", client_identity.chain_pem),
                 "--key-file", WriteFile("client.key", client_identity.key_pem)});
  EXPECT_EQ(ended.code, 0) << ended.errors;
  EXPECT_NE(ended.output.find("metadata.security=mtls\n"), std::string::npos) << ended.output;
}

}  // namespace
}  // namespace stock::testing
