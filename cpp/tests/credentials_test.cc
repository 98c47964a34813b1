#include "cpp/credentials.h"

#include <gtest/gtest.h>

#include "cpp/tests/peers.h"
#include "cpp/tests/testcerts.h"

namespace stock {
namespace {

using testing::Authority;
using testing::Peers;

template <typename T>
void ExpectRefused(const Result<T>& result, const std::string& reason) {
  ASSERT_FALSE(result) << reason;
  EXPECT_NE(result.error().find(reason), std::string::npos) << result.error();
}

// Calls a server with credentials; returns how the call ended.
grpc::Status CallOver(Peers& peers, std::shared_ptr<grpc::ChannelCredentials> credentials, const std::string& name) {
  Endpoint endpoint;
  endpoint.target = peers.target();
  endpoint.credentials = std::move(credentials);
  endpoint.server_name = name;
  Channel channel(endpoint);
  tofusoup::stock::InventoryStatus status;
  return channel.stock().Inventory(testing::Deadline().get(), {}, &status);
}

ListenerConfig Serving(const credentials::Identity& identity, const std::optional<std::string>& client_roots) {
  ListenerConfig config;
  config.security = client_roots ? "mtls" : "tls";
  config.credentials = *credentials::Server(identity, client_roots);
  return config;
}

ListenerConfig Serving(const Authority& authority, const std::optional<std::string>& client_roots) {
  return Serving(authority.Issue(), client_roots);
}

TEST(CredentialsTest, EveryKeyTypeShakesHands) {
  for (const char* type : {"rsa2048", "p256", "p384", "p521"}) {
    const Authority authority(type);
    Peers peers(Serving(authority, authority.roots_pem()));
    const auto client = credentials::Client(authority.roots_pem(), authority.Issue());
    ASSERT_TRUE(client) << type;
    EXPECT_TRUE(CallOver(peers, *client, "").ok()) << type;
    EXPECT_TRUE(CallOver(peers, *client, "localhost").ok()) << type;
    EXPECT_EQ(CallOver(peers, *client, "other").error_code(), grpc::UNAVAILABLE) << type;
  }
}

TEST(CredentialsTest, AServerOfAnotherAuthorityIsNotTrusted) {
  Peers peers(Serving(Authority("p256"), std::nullopt));
  const auto client = credentials::Client(Authority("p256").roots_pem(), std::nullopt);
  EXPECT_EQ(CallOver(peers, *client, "").error_code(), grpc::UNAVAILABLE);
}

TEST(CredentialsTest, ASubjectIsNoNameOfAServer) {
  const Authority authority("p256");
  const auto client = credentials::Client(authority.roots_pem(), std::nullopt);
  for (const char* names : {static_cast<const char*>(nullptr), "IP:127.0.0.1"}) {
    Peers peers(Serving(authority.Issue(names), std::nullopt));
    EXPECT_EQ(CallOver(peers, *client, "localhost").error_code(), grpc::UNAVAILABLE);
    EXPECT_EQ(CallOver(peers, *client, "").ok(), names != nullptr);
  }
}

TEST(CredentialsTest, MutualTlsWantsAClientsCertificate) {
  const Authority authority("p256");
  Peers peers(Serving(authority, authority.roots_pem()));
  EXPECT_EQ(CallOver(peers, *credentials::Client(authority.roots_pem(), std::nullopt), "").error_code(),
            grpc::UNAVAILABLE);
  const auto foreign = credentials::Client(authority.roots_pem(), Authority("p256").Issue());
  EXPECT_EQ(CallOver(peers, *foreign, "").error_code(), grpc::UNAVAILABLE);
}

TEST(CredentialsTest, WhatIsUnusableIsNamed) {
  const Authority authority("p256");
  const credentials::Identity identity = authority.Issue();
  const auto server = [](const credentials::Identity& given) { return credentials::Server(given, std::nullopt); };
  ExpectRefused(server({identity.chain_pem, ""}), "not a PEM PKCS#8 private key");
  ExpectRefused(server({identity.chain_pem, "-----BEGIN EC PRIVATE KEY-----"}), "not a PEM PKCS#8 private key");
  ExpectRefused(server({identity.chain_pem, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}),
                "the key does not parse");
  ExpectRefused(server({"", identity.key_pem}), "chain: no PEM certificate");
  ExpectRefused(server({identity.chain_pem, authority.Issue().key_pem}), "does not match");
  ExpectRefused(credentials::Server(identity, ""), "client roots: no PEM certificate");
  ExpectRefused(credentials::Client("", std::nullopt), "roots: no PEM certificate");
  const std::string half = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  ExpectRefused(credentials::Client(authority.roots_pem() + half, std::nullopt), "roots: PEM block 2");
}

TEST(CredentialsTest, FilesMustHaveAContent) {
  const std::string file = testing::WriteFile("some.pem", "some");
  EXPECT_EQ(*credentials::ReadFile(file), "some");
  ExpectRefused(credentials::ReadFile(testing::WriteFile("empty.pem", "")), "empty.pem: empty");
  ExpectRefused(credentials::ReadFile(file + ".none"), "some.pem.none: No such file or directory");
  ExpectRefused(credentials::ReadFile(file.substr(0, file.rfind('/'))), ": Is a directory");
  ExpectRefused(credentials::ReadIdentity(file, file + ".none"), "some.pem.none");
}

}  // namespace
}  // namespace stock
