#include "cpp/store/store.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <thread>

namespace stock {
namespace {

constexpr std::int32_t kMax = std::numeric_limits<std::int32_t>::max();

// The next things that a subscription has, so many of which must be there.
std::vector<Subscription::Next> Take(Subscription& subscription, std::size_t count) {
  auto taken = std::make_shared<std::vector<Subscription::Next>>();
  for (std::size_t i = 0; i < count && taken->size() == i; ++i) {
    subscription.Pull([taken](const Subscription::Next& next) { taken->push_back(next); });
  }
  EXPECT_EQ(taken->size(), count);
  return *taken;
}

TEST(StoreTest, KeysObeyTheRule) {
  for (const std::string& key : {std::string("a"), std::string("../x"), std::string("*"), std::string("__proto__"),
                                 std::string(" "), std::string("\u00e9"), std::string("\U0001F600"),
                                 std::string("\xED\x9F\xBF\xEE\x80\x80"), std::string(1024, 'k')}) {
    EXPECT_TRUE(IsKey(key)) << key;
  }
  for (const std::string& key :
       {std::string(), std::string("a\0b", 3), std::string("\xff"), std::string("a\xc3"), std::string(1025, 'k'),
        std::string("\xC0\xAF"), std::string("\xED\xA0\x80"), std::string("\xF4\x90\x80\x80")}) {
    EXPECT_FALSE(IsKey(key)) << key;
  }
}

TEST(StoreTest, TotalsFollowChanges) {
  Store store;
  const auto expect_totals = [&store](std::int64_t items, std::int64_t bytes) {
    EXPECT_EQ(store.Count().items, items);
    EXPECT_EQ(store.Count().bytes, bytes);
  };
  EXPECT_EQ(store.Put("a", "123"), KeyResult::kDone);
  expect_totals(1, 3);
  EXPECT_EQ(store.Put("b", ""), KeyResult::kDone);
  expect_totals(2, 3);
  EXPECT_EQ(store.Put("a", "1"), KeyResult::kDone);
  expect_totals(2, 1);
  EXPECT_EQ(store.Put("", "1"), KeyResult::kInvalidKey);
  expect_totals(2, 1);
  EXPECT_EQ(store.Delete("a"), KeyResult::kDone);
  expect_totals(1, 0);
  EXPECT_EQ(store.Delete("a"), KeyResult::kNotFound);
  EXPECT_EQ(store.Delete("\xff"), KeyResult::kInvalidKey);
  std::string value = "untouched";
  EXPECT_EQ(store.Get("a", value), KeyResult::kNotFound);
  EXPECT_EQ(value, "untouched");
  EXPECT_EQ(store.Get("b", value), KeyResult::kDone);
  EXPECT_EQ(value, "");
}

TEST(StoreTest, TheClockNeverStandsStill) {
  std::array<std::int64_t, 4> readings{100, 100, 90, 300};
  std::size_t next = 0;
  Store store([&] { return readings.at(next++); });
  for (const std::int64_t expected : {100, 101, 102, 300}) {
    EXPECT_EQ(store.Trade({.kind = kQuery, .symbol = "x"}).timestamp, expected);
  }
}

TEST(StoreTest, ASubscriberSeesItsPrefixInOrder) {
  Store store;
  store.Put("a/0", "v");
  const auto subscription = store.Subscribe("a/");
  for (const char* key : {"a/1", "b/1", "a", "a/2", "a/2"}) store.Put(key, "v");
  store.Delete("a/1");
  std::string seen;
  std::int64_t last = 0;
  for (const auto& next : Take(*subscription, 4)) {
    seen += next.change->key + (next.change->deleted ? "- " : "+ ");
    EXPECT_GT(next.change->timestamp, last);
    last = next.change->timestamp;
  }
  EXPECT_EQ(seen, "a/1+ a/2+ a/2+ a/1- ");
}

TEST(StoreTest, AReceiverThatWaitsIsGivenTheNextChange) {
  Store store;
  const auto subscription = store.Subscribe("");
  std::vector<std::string> keys;
  subscription->Pull([&keys](const Subscription::Next& next) { keys.push_back(next.change->key); });
  EXPECT_TRUE(keys.empty());
  store.Put("k", "v");
  store.Put("l", "v");
  EXPECT_EQ(keys, std::vector<std::string>{"k"});
}

TEST(StoreTest, AClosedSubscriptionSaysSo) {
  Store store;
  const auto subscription = store.Subscribe("");
  store.Put("k", "v");
  subscription->Close();
  subscription->Close();
  store.Put("l", "v");
  EXPECT_EQ(Take(*subscription, 1).front().kind, Subscription::Kind::kClosed);
}

TEST(StoreTest, PrefixesObeyTheKeyRule) {
  Store store;
  EXPECT_EQ(store.Subscribe(std::string_view("\0", 1)), nullptr);
  EXPECT_NE(store.Subscribe(""), nullptr);
}

TEST(StoreTest, ASlowSubscriberIsEndedAndNobodyElse) {
  Store store;
  const auto slow = store.Subscribe("");
  const auto quick = store.Subscribe("");
  for (std::size_t i = 0; i <= Subscription::kQueueSize; ++i) {
    store.Put(std::to_string(i), "v");
    ASSERT_EQ(Take(*quick, 1).size(), 1U);
  }
  const auto taken = Take(*slow, Subscription::kQueueSize + 1);
  ASSERT_EQ(taken.size(), Subscription::kQueueSize + 1);
  for (std::size_t i = 0; i < Subscription::kQueueSize; ++i) EXPECT_EQ(taken[i].change->key, std::to_string(i));
  EXPECT_EQ(taken.back().kind, Subscription::Kind::kTooSlow);
  store.Put("k", "v");
  EXPECT_EQ(Take(*quick, 1).front().change->key, "k");
}

TEST(StoreTest, OrdersAreFilled) {
  Store store;
  struct Case {
    Order order;
    bool done;
    std::int32_t quantity;
    std::string message;
  };
  std::int64_t last = 0;
  for (const Case& test : {
           Case{{kQuery, "acme", 99}, true, 0, "position"},
           Case{{kBuy, "acme", 5}, true, 5, "bought"},
           Case{{kSell, "acme", 6}, false, 0, "insufficient position: have 5, want 6"},
           Case{{kSell, "acme", 2}, true, 2, "sold"},
           Case{{kQuery, "acme", -1}, true, 3, "position"},
           Case{{kBuy, "acme", 0}, false, 0, "quantity must be positive"},
           Case{{kSell, "acme", -1}, false, 0, "quantity must be positive"},
           Case{{kBuy, "acme", kMax}, false, 0, "position limit"},
           Case{{kBuy, "acme", kMax - 3}, true, kMax - 3, "bought"},
           Case{{kBuy, "acme", 1}, false, 0, "position limit"},
           Case{{kSell, "acme", kMax}, true, kMax, "sold"},
           Case{{7, "acme", 0}, false, 0, "unknown order type: 7"},
           Case{{-1, "acme", 1}, false, 0, "unknown order type: -1"},
           Case{{7, "", 1}, false, 0, "invalid symbol"},
           Case{{kQuery, std::string("a\0", 2), 1}, false, 0, "invalid symbol"},
       }) {
    const Fill fill = store.Trade(test.order);
    EXPECT_EQ(fill.done, test.done) << test.message;
    EXPECT_EQ(fill.quantity, test.quantity) << test.message;
    EXPECT_EQ(fill.message, test.message);
    EXPECT_GT(fill.timestamp, last);
    last = fill.timestamp;
  }
}

TEST(StoreTest, ChangesFromManyThreadsAreOneSequence) {
  constexpr std::size_t kWriters = 8;
  Store store;
  const auto subscription = store.Subscribe("");
  {
    std::vector<std::jthread> writers;
    for (std::size_t writer = 0; writer < kWriters; ++writer) {
      writers.emplace_back([&store, writer] {
        for (std::size_t i = 0; i < Subscription::kQueueSize / kWriters; ++i) {
          store.Put(std::to_string(writer) + " " + std::to_string(i), "v");
        }
      });
    }
  }
  const auto taken = Take(*subscription, Subscription::kQueueSize);
  std::int64_t last = 0;
  for (const auto& next : taken) {
    EXPECT_GT(next.change->timestamp, last);
    last = next.change->timestamp;
  }
  EXPECT_EQ(store.Count().items, static_cast<std::int64_t>(Subscription::kQueueSize));
}

TEST(StoresTest, StoresAreSeparateAndForgettable) {
  Stores stores;
  std::string value;
  stores.Named("one")->Put("k", "v");
  EXPECT_EQ(stores.Named("two")->Get("k", value), KeyResult::kNotFound);
  EXPECT_EQ(stores.Named("one")->Get("k", value), KeyResult::kDone);
  stores.Named("")->Put("k", "v");
  for (const char* name : {"one", "none", ""}) stores.Forget(name);
  EXPECT_EQ(stores.Named("one")->Get("k", value), KeyResult::kNotFound);
  EXPECT_EQ(stores.Named("")->Get("k", value), KeyResult::kDone);
}

}  // namespace
}  // namespace stock
