#include "cpp/store/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include "cpp/text.h"

namespace stock {
namespace {

std::int64_t UnixNanoseconds() {
  using std::chrono::nanoseconds;
  return std::chrono::duration_cast<nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

void WakeAll(const std::vector<std::shared_ptr<Subscription>>& subscriptions) {
  for (const auto& subscription : subscriptions) subscription->Wake();
}

}  // namespace

bool IsKey(std::string_view key) {
  return !key.empty() && key.size() <= kMaxKeyBytes && key.find('\0') == std::string_view::npos && IsUtf8(key);
}

Store::Store() : Store(UnixNanoseconds) {}

Store::Store(Clock now) : now_(std::move(now)) {}

KeyResult Store::Get(std::string_view key, std::string& value) const {
  if (!IsKey(key)) return KeyResult::kInvalidKey;
  const std::scoped_lock lock(mutex_);
  const auto found = values_.find(key);
  if (found == values_.end()) return KeyResult::kNotFound;
  value = found->second;
  return KeyResult::kDone;
}

KeyResult Store::Put(std::string_view key, std::string_view value) {
  if (!IsKey(key)) return KeyResult::kInvalidKey;
  auto change = std::make_shared<Change>(Change{.key = std::string(key), .value = std::string(value)});
  std::vector<std::shared_ptr<Subscription>> told;
  {
    const std::scoped_lock lock(mutex_);
    std::string& stored = values_[change->key];
    bytes_ += static_cast<std::int64_t>(value.size()) - static_cast<std::int64_t>(stored.size());
    stored = value;
    change->timestamp = Tick();
    told = Publish(change);
  }
  WakeAll(told);
  return KeyResult::kDone;
}

KeyResult Store::Delete(std::string_view key) {
  if (!IsKey(key)) return KeyResult::kInvalidKey;
  std::vector<std::shared_ptr<Subscription>> told;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = values_.find(key);
    if (found == values_.end()) return KeyResult::kNotFound;
    bytes_ -= static_cast<std::int64_t>(found->second.size());
    values_.erase(found);
    told = Publish(
        std::make_shared<Change>(Change{.deleted = true, .key = std::string(key), .value = {}, .timestamp = Tick()}));
  }
  WakeAll(told);
  return KeyResult::kDone;
}

Totals Store::Count() const {
  const std::scoped_lock lock(mutex_);
  return {.items = static_cast<std::int64_t>(values_.size()), .bytes = bytes_};
}

Fill Store::Trade(const Order& order) {
  const std::scoped_lock lock(mutex_);
  Fill fill = Decide(order);
  fill.timestamp = Tick();
  return fill;
}

std::shared_ptr<Subscription> Store::Subscribe(std::string_view prefix) {
  if (!prefix.empty() && !IsKey(prefix)) return nullptr;
  auto subscription = std::make_shared<Subscription>(prefix);
  const std::scoped_lock lock(mutex_);
  subscribers_.emplace_back(subscription);
  return subscription;
}

std::int64_t Store::Tick() {
  last_ = std::max(now_(), last_ + 1);
  return last_;
}

// The order of the cases is normative.
Fill Store::Decide(const Order& order) {
  if (!IsKey(order.symbol)) return {.message = "invalid symbol"};
  if (order.kind != kBuy && order.kind != kSell && order.kind != kQuery) {
    return {.message = fmt::format("unknown order type: {}", order.kind)};
  }
  const auto found = positions_.find(order.symbol);
  const std::int32_t have = found == positions_.end() ? 0 : found->second;
  const std::int32_t want = order.quantity;
  if (order.kind == kQuery) return {.done = true, .quantity = have, .message = "position"};
  if (want <= 0) return {.message = "quantity must be positive"};
  if (order.kind == kBuy && want > std::numeric_limits<std::int32_t>::max() - have) {
    return {.message = "position limit"};
  }
  if (order.kind == kSell && want > have) {
    return {.message = fmt::format("insufficient position: have {}, want {}", have, want)};
  }
  positions_[order.symbol] = order.kind == kBuy ? have + want : have - want;
  return {.done = true, .quantity = want, .message = order.kind == kBuy ? "bought" : "sold"};
}

std::vector<std::shared_ptr<Subscription>> Store::Publish(const std::shared_ptr<const Change>& change) {
  std::vector<std::shared_ptr<Subscription>> told;
  std::erase_if(subscribers_, [&](const std::weak_ptr<Subscription>& subscriber) {
    const std::shared_ptr<Subscription> subscription = subscriber.lock();
    if (!subscription) return true;
    if (!subscription->Wants(change->key)) return false;
    const bool wanted = subscription->Queue(change);
    told.push_back(subscription);
    return !wanted;
  });
  return told;
}

std::shared_ptr<Store> Stores::Named(std::string_view name) {
  const std::scoped_lock lock(mutex_);
  const auto found = named_.find(name);
  if (found != named_.end()) return found->second;
  return named_.emplace(name, std::make_shared<Store>()).first->second;
}

void Stores::Forget(std::string_view name) {
  if (name.empty()) return;
  const std::scoped_lock lock(mutex_);
  const auto found = named_.find(name);
  if (found != named_.end()) named_.erase(found);
}

}  // namespace stock
