#include "cpp/service.h"

#include <gtest/gtest.h>

#include "cpp/tests/peers.h"

namespace stock {
namespace {

namespace pb = tofusoup::stock;
using testing::Deadline;
using testing::ExpectStatus;

constexpr char kInvalidKey[] = "invalid key: 1 to 1024 bytes of UTF-8 without NUL";

class ServiceTest : public ::testing::Test {
 protected:
  grpc::Status Put(const std::string& key, const std::string& value) {
    pb::PutRequest request;
    request.set_key(key);
    request.set_value(value);
    pb::Empty response;
    return stock().Put(Deadline().get(), request, &response);
  }

  grpc::Status Delete(const std::string& key) {
    pb::DeleteRequest request;
    request.set_key(key);
    pb::Empty response;
    return stock().Delete(Deadline().get(), request, &response);
  }

  grpc::Status Get(const std::string& key, std::string& value) {
    pb::GetRequest request;
    request.set_key(key);
    pb::GetResponse response;
    const grpc::Status status = stock().Get(Deadline().get(), request, &response);
    value = response.value();
    return status;
  }

  pb::Stock::Stub& stock() { return peers_.channel().stock(); }
  proto::KV::Stub& kv() { return peers_.channel().kv(); }

  testing::Peers peers_;
};

TEST_F(ServiceTest, KvSharesTheStore) {
  ASSERT_TRUE(Put("k", "v").ok());
  proto::GetRequest get;
  get.set_key("k");
  proto::GetResponse got;
  ASSERT_TRUE(kv().Get(Deadline().get(), get, &got).ok());
  EXPECT_EQ(got.value(), "v");
  proto::PutRequest put;
  put.set_key("k");
  put.set_value("w");
  proto::Empty empty;
  ASSERT_TRUE(kv().Put(Deadline().get(), put, &empty).ok());
  std::string value;
  ASSERT_TRUE(Get("k", value).ok());
  EXPECT_EQ(value, "w");
  ASSERT_TRUE(Delete("k").ok());
  ExpectStatus(kv().Get(Deadline().get(), get, &got), grpc::NOT_FOUND, "key not found: k");
}

TEST_F(ServiceTest, ErrorsTellOfKeys) {
  std::string value;
  ExpectStatus(Put("", ""), grpc::INVALID_ARGUMENT, kInvalidKey);
  ExpectStatus(Get(std::string("\0", 1), value), grpc::INVALID_ARGUMENT, kInvalidKey);
  ExpectStatus(Delete("\u00e9"), grpc::NOT_FOUND, "key not found: \u00e9");
  const auto receive = [](const pb::WatchEvent& /*event*/) { return true; };
  ExpectStatus(peers_.channel().Monitor(*Deadline(), std::string("\0", 1), receive), grpc::INVALID_ARGUMENT,
               kInvalidKey);
}

TEST_F(ServiceTest, InventoryCountsAndDescribes) {
  ASSERT_TRUE(Put("k", "123").ok());
  pb::InventoryStatus status;
  ASSERT_TRUE(stock().Inventory(Deadline().get(), {}, &status).ok());
  EXPECT_EQ(status.total_items(), 1);
  EXPECT_EQ(status.total_bytes(), 3);
  EXPECT_GE(status.uptime_seconds(), 0);
  EXPECT_FALSE(status.server_version().empty());
  for (const char* name : {"language", "runtime", "library", "transport", "tls_stack", "security"}) {
    EXPECT_TRUE(status.metadata().contains(name)) << name;
  }
}

TEST_F(ServiceTest, MonitorMissesNothingAfterItsHeaders) {
  constexpr int kItems = 500;
  const auto context = Deadline();
  const auto monitor = stock().Monitor(context.get(), [] {
    pb::WatchRequest request;
    request.set_key_prefix("a");
    return request;
  }());
  monitor->WaitForInitialMetadata();
  std::vector<pb::BatchItem> items(kItems);
  for (int i = 0; i < kItems; ++i) items[static_cast<std::size_t>(i)].set_key("a" + std::to_string(i));
  pb::BatchSummary summary;
  ASSERT_TRUE(peers_.channel().Batch(*Deadline(), items, summary).ok());
  ASSERT_TRUE(Put("b", "not seen").ok());
  ASSERT_TRUE(Delete("a7").ok());
  pb::WatchEvent event;
  for (int i = 0; i < kItems; ++i) {
    ASSERT_TRUE(monitor->Read(&event));
    ASSERT_EQ(event.key(), "a" + std::to_string(i));
    ASSERT_EQ(event.type(), pb::WatchEvent::PUT);
  }
  ASSERT_TRUE(monitor->Read(&event));
  EXPECT_EQ(event.type(), pb::WatchEvent::DELETE);
  context->TryCancel();
  EXPECT_FALSE(monitor->Read(&event));
  EXPECT_EQ(monitor->Finish().error_code(), grpc::CANCELLED);
}

TEST_F(ServiceTest, ASlowSubscriberGetsAPrefixAndResourceExhausted) {
  constexpr std::size_t kItems = 3000;
  const auto context = Deadline();
  const auto monitor = stock().Monitor(context.get(), {});
  monitor->WaitForInitialMetadata();
  std::vector<pb::BatchItem> items(kItems);
  for (std::size_t i = 0; i < kItems; ++i) {
    items[i].set_key(std::to_string(i));
    items[i].set_value(std::string(1024, 'v'));  // so that flow control blocks the sender long before the end
  }
  pb::BatchSummary summary;
  ASSERT_TRUE(peers_.channel().Batch(*Deadline(), items, summary).ok());
  EXPECT_EQ(summary.successful(), static_cast<std::int32_t>(kItems)) << "nobody is delayed";
  pb::WatchEvent event;
  std::size_t read = 0;
  for (; monitor->Read(&event); ++read) ASSERT_EQ(event.key(), std::to_string(read));
  EXPECT_GE(read, Subscription::kQueueSize);
  EXPECT_LT(read, kItems);
  ExpectStatus(monitor->Finish(), grpc::RESOURCE_EXHAUSTED, "subscriber too slow");
}

TEST_F(ServiceTest, BatchCountsInvalidItems) {
  std::vector<pb::BatchItem> items(3);
  items[0].set_key("a");
  items[0].set_value("12");
  items[2].set_key("b");
  items[2].set_value("34");
  pb::BatchSummary summary;
  ASSERT_TRUE(peers_.channel().Batch(*Deadline(), items, summary).ok());
  EXPECT_EQ(summary.total_items(), 3);
  EXPECT_EQ(summary.successful(), 2);
  EXPECT_EQ(summary.failed(), 1);
  EXPECT_EQ(summary.bytes_written(), 4);
}

TEST_F(ServiceTest, TradeFillsEachOrderAtOnce) {
  const auto context = Deadline();
  const auto trade = stock().Trade(context.get());
  const auto expect_fill = [&](int type, std::int32_t quantity, bool success, const std::string& message) {
    pb::TradeOrder order;
    order.set_type(static_cast<pb::TradeOrder::OrderType>(type));
    order.set_symbol("acme");
    order.set_quantity(quantity);
    ASSERT_TRUE(trade->Write(order));
    pb::TradeFill fill;
    ASSERT_TRUE(trade->Read(&fill));
    EXPECT_EQ(fill.success(), success);
    EXPECT_EQ(fill.symbol(), "acme");
    EXPECT_EQ(fill.message(), message);
  };
  expect_fill(pb::TradeOrder::BUY, 3, true, "bought");
  expect_fill(pb::TradeOrder::SELL, 4, false, "insufficient position: have 3, want 4");
  expect_fill(pb::TradeOrder::QUERY, 0, true, "position");
  expect_fill(9, 0, false, "unknown order type: 9");
  trade->WritesDone();
  pb::TradeFill fill;
  EXPECT_FALSE(trade->Read(&fill));
  EXPECT_TRUE(trade->Finish().ok());
}

}  // namespace
}  // namespace stock
