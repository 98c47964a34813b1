// What a Stock server knows: values under keys, positions of symbols, the subscribers to changes, and the clock that
// orders them. It knows nothing of gRPC.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cpp/store/subscription.h"

namespace stock {

inline constexpr std::size_t kMaxKeyBytes = 1024;

// How an operation on a key ended.
enum class KeyResult { kDone, kInvalidKey, kNotFound };

// Whether `key` is 1 to kMaxKeyBytes bytes of UTF-8 without U+0000.
bool IsKey(std::string_view key);

// Kinds of orders, numbered as on the wire; any other number is an unknown kind.
inline constexpr int kBuy = 0;
inline constexpr int kSell = 1;
inline constexpr int kQuery = 2;

// An order asks to change a position, or what it is.
struct Order {
  int kind = kBuy;
  std::string symbol;
  std::int32_t quantity = 0;
};

// A fill answers an order. A refused one has the quantity 0 and the reason as its message.
struct Fill {
  bool done = false;
  std::int32_t quantity = 0;
  std::string message;
  std::int64_t timestamp = 0;  // Unix nanoseconds: a tick of the store's one clock
};

struct Totals {
  std::int64_t items = 0;
  std::int64_t bytes = 0;  // of the values
};

// One world of keys, positions and subscribers. It applies one change at a time. Safe for threads; never blocks on a
// subscriber.
class Store {
 public:
  using Clock = std::function<std::int64_t()>;  // Unix nanoseconds

  Store();
  explicit Store(Clock now);

  // Gives the value of a key to `value`.
  KeyResult Get(std::string_view key, std::string& value) const;

  // Stores a value and publishes the change. Never kNotFound.
  KeyResult Put(std::string_view key, std::string_view value);

  // Removes a key and publishes the change.
  KeyResult Delete(std::string_view key);

  // The number of keys and the bytes of their values, at one instant.
  [[nodiscard]] Totals Count() const;

  // Carries out one order, or refuses it, atomically. Publishes nothing.
  Fill Trade(const Order& order);

  // Delivers every change committed from now on whose key starts with `prefix`, in order; the empty prefix stands for
  // all keys. Null where the prefix breaks the key rule. It is over when the caller closes or drops it.
  std::shared_ptr<Subscription> Subscribe(std::string_view prefix);

 private:
  // Holds the lock.
  std::int64_t Tick();
  Fill Decide(const Order& order);
  std::vector<std::shared_ptr<Subscription>> Publish(const std::shared_ptr<const Change>& change);

  const Clock now_;
  mutable std::mutex mutex_;
  std::int64_t last_ = 0;  // the tick given out last
  std::map<std::string, std::string, std::less<>> values_;
  std::int64_t bytes_ = 0;
  std::unordered_map<std::string, std::int32_t> positions_;
  std::vector<std::weak_ptr<Subscription>> subscribers_;
};

// The stores of a process by their names; the default one has the empty name. Safe for threads.
class Stores {
 public:
  // The store of a name, made when it is first named.
  std::shared_ptr<Store> Named(std::string_view name);

  // Drops a named store, never the default one. What still uses it keeps it; a name without a store is ignored.
  void Forget(std::string_view name);

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Store>, std::less<>> named_;
};

}  // namespace stock
