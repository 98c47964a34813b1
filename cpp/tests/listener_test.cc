#include "cpp/listener.h"

#include <arpa/inet.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "cpp/tests/peers.h"
#include "cpp/tests/testcerts.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"

namespace stock {
namespace {

namespace pb = tofusoup::stock;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::Deadline;
using testing::ExpectStatus;
using testing::kPatience;
using testing::Peers;

// Drains and tells how long it took.
steady_clock::duration DrainWithin(Peers& peers, std::chrono::nanoseconds grace) {
  const auto begun = steady_clock::now();
  peers.listener().Drain(grace);
  return steady_clock::now() - begun;
}

HealthCheckRequest Asking(const std::string& service) {
  HealthCheckRequest request;
  request.set_service(service);
  return request;
}

// An open Trade that has had one fill.
class OpenTrade {
 public:
  explicit OpenTrade(Peers& peers) : stream_(peers.channel().stock().Trade(context_.get())) { Fill(); }

  void Fill() {
    pb::TradeOrder order;
    order.set_symbol("acme");
    order.set_quantity(1);
    ASSERT_TRUE(stream_->Write(order));
    pb::TradeFill fill;
    ASSERT_TRUE(stream_->Read(&fill));
    EXPECT_TRUE(fill.success());
  }

  grpc::Status End() {
    stream_->WritesDone();
    pb::TradeFill fill;
    EXPECT_FALSE(stream_->Read(&fill));
    return stream_->Finish();
  }

 private:
  const std::unique_ptr<grpc::ClientContext> context_ = Deadline();
  const std::unique_ptr<grpc::ClientReaderWriter<pb::TradeOrder, pb::TradeFill>> stream_;
};

// A connection that says nothing; closed by the end.
class SilentConnection {
 public:
  explicit SilentConnection(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~SilentConnection() { close(socket_); }
  SilentConnection(const SilentConnection&) = delete;
  SilentConnection& operator=(const SilentConnection&) = delete;
  SilentConnection(SilentConnection&&) = delete;
  SilentConnection& operator=(SilentConnection&&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }

 private:
  const int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bool connected_ = false;
};

TEST(ListenerTest, ADrainEndsStreamsWithoutAnEnd) {
  Peers peers;
  const auto monitor_context = Deadline();
  const auto monitor = peers.channel().stock().Monitor(monitor_context.get(), {});
  monitor->WaitForInitialMetadata();
  const auto known_context = Deadline();
  const auto known = peers.channel().health().Watch(known_context.get(), Asking("proto.KV"));
  const auto unknown_context = Deadline();
  const auto unknown = peers.channel().health().Watch(unknown_context.get(), Asking("nobody"));
  HealthCheckResponse health;
  ASSERT_TRUE(known->Read(&health));
  EXPECT_EQ(health.status(), HealthCheckResponse::SERVING);
  ASSERT_TRUE(unknown->Read(&health));
  EXPECT_EQ(health.status(), HealthCheckResponse::SERVICE_UNKNOWN);

  EXPECT_LT(DrainWithin(peers, std::chrono::minutes(1)), kPatience);

  pb::WatchEvent event;
  EXPECT_FALSE(monitor->Read(&event));
  ExpectStatus(monitor->Finish(), grpc::UNAVAILABLE, "server shutting down");
  ASSERT_TRUE(known->Read(&health));
  EXPECT_EQ(health.status(), HealthCheckResponse::NOT_SERVING);
  EXPECT_FALSE(known->Read(&health));
  ExpectStatus(known->Finish(), grpc::UNAVAILABLE, "server shutting down");
  EXPECT_FALSE(unknown->Read(&health));
  ExpectStatus(unknown->Finish(), grpc::UNAVAILABLE, "server shutting down");
}

TEST(ListenerTest, ADrainLetsACallGoOnWithinTheGrace) {
  Peers peers;
  OpenTrade trade(peers);
  std::jthread drain([&] { EXPECT_LT(DrainWithin(peers, std::chrono::minutes(1)), kPatience); });
  // Until new connections are refused.
  const auto begun = steady_clock::now();
  while (SilentConnection(peers.listener().port()).connected()) ASSERT_LT(steady_clock::now() - begun, kPatience);
  trade.Fill();
  EXPECT_TRUE(trade.End().ok());
}

TEST(ListenerTest, AGraceThatIsOverEndsCalls) {
  Peers peers;
  OpenTrade trade(peers);
  EXPECT_LT(DrainWithin(peers, milliseconds(50)), std::chrono::seconds(2));
  EXPECT_FALSE(trade.End().ok());
}

TEST(ListenerTest, SilentConnectionsHoldNoDrain) {
  ListenerConfig config;
  config.security = "tls";
  config.credentials = *credentials::Server(testing::Authority("p256").Issue(), std::nullopt);
  Peers peers(config);
  const SilentConnection silent(peers.listener().port());
  ASSERT_TRUE(silent.connected());
  EXPECT_LT(DrainWithin(peers, std::chrono::minutes(1)), kPatience);
}

TEST(ListenerTest, APortThatIsTakenIsRefused) {
  Peers peers;
  ListenerConfig config;
  config.host = "127.0.0.1";
  config.port = peers.listener().port();
  config.stores = std::make_shared<Stores>();
  const auto second = Listener::Listen(config);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().find("Address already in use"), std::string::npos) << second.error();
}

TEST(ListenerTest, AHostThatIsNoneIsRefused) {
  ListenerConfig config;
  config.host = "192.0.2.1";
  config.stores = std::make_shared<Stores>();
  const auto listener = Listener::Listen(config);
  ASSERT_FALSE(listener);
  EXPECT_NE(listener.error().find("cannot bind 192.0.2.1:0"), std::string::npos) << listener.error();
}

TEST(ListenerTest, AMessageOverTheLimitIsRefused) {
  ListenerConfig config;
  config.max_receive_bytes = 1000;
  Peers peers(config);
  pb::PutRequest request;
  request.set_key("k");
  request.set_value(std::string(1000, 'v'));
  pb::Empty response;
  EXPECT_EQ(peers.channel().stock().Put(Deadline().get(), request, &response).error_code(), grpc::RESOURCE_EXHAUSTED);
  // After decompression too.
  const auto context = Deadline();
  context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
  EXPECT_EQ(peers.channel().stock().Put(context.get(), request, &response).error_code(), grpc::RESOURCE_EXHAUSTED);
  request.set_value("small");
  EXPECT_TRUE(peers.channel().stock().Put(Deadline().get(), request, &response).ok());
}

TEST(ListenerTest, MetadataOverTheLimitIsRefused) {
  Peers peers;
  const auto context = Deadline();
  context->AddMetadata("large", std::string(17 << 10, 'x'));
  pb::InventoryStatus status;
  EXPECT_EQ(peers.channel().stock().Inventory(context.get(), {}, &status).error_code(), grpc::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(peers.channel().stock().Inventory(Deadline().get(), {}, &status).ok());
}

template <typename Service, typename Request, typename Response>
void ExpectReflection(Peers& peers) {
  const auto stub = Service::NewStub(grpc::CreateChannel(peers.target(), grpc::InsecureChannelCredentials()));
  const auto context = Deadline();
  const auto stream = stub->ServerReflectionInfo(context.get());
  Request request;
  Response response;
  request.set_list_services("");
  ASSERT_TRUE(stream->Write(request) && stream->Read(&response));
  EXPECT_EQ(response.list_services_response().service_size(), 5);
  request.set_file_containing_symbol("tofusoup.stock.Stock.Get");
  ASSERT_TRUE(stream->Write(request) && stream->Read(&response));
  EXPECT_EQ(response.file_descriptor_response().file_descriptor_proto_size(), 1);
  request.set_file_containing_symbol("grpc.reflection.v1alpha.ServerReflection");
  ASSERT_TRUE(stream->Write(request) && stream->Read(&response));
  EXPECT_EQ(response.file_descriptor_response().file_descriptor_proto_size(), 1);
  request.set_file_by_filename("proto/session.proto");
  ASSERT_TRUE(stream->Write(request) && stream->Read(&response));
  EXPECT_EQ(response.file_descriptor_response().file_descriptor_proto_size(), 3) << "with what it imports";
  request.set_file_by_filename("none.proto");
  ASSERT_TRUE(stream->Write(request) && stream->Read(&response));
  EXPECT_EQ(response.error_response().error_code(), grpc::NOT_FOUND);
  peers.listener().Drain(kPatience);
  EXPECT_FALSE(stream->Read(&response));
  ExpectStatus(stream->Finish(), grpc::UNAVAILABLE, "server shutting down");
}

TEST(ListenerTest, ReflectionFindsFiles) {
  Peers peers;
  ExpectReflection<grpc::reflection::v1::ServerReflection, grpc::reflection::v1::ServerReflectionRequest,
                   grpc::reflection::v1::ServerReflectionResponse>(peers);
}

TEST(ListenerTest, SoDoesItsOlderVersion) {
  Peers peers;
  ExpectReflection<grpc::reflection::v1alpha::ServerReflection, grpc::reflection::v1alpha::ServerReflectionRequest,
                   grpc::reflection::v1alpha::ServerReflectionResponse>(peers);
}

}  // namespace
}  // namespace stock
