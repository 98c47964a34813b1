// A subscriber's queue of changes.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace stock {

// One committed change.
struct Change {
  bool deleted = false;  // the key was removed, not given a value
  std::string key;
  std::string value;
  std::int64_t timestamp = 0;  // Unix nanoseconds, strictly increasing within a store
};

// The changes of a store to the keys with a prefix. Safe for threads.
class Subscription {
 public:
  // The number of changes that wait for a subscriber before it counts as too slow.
  static constexpr std::size_t kQueueSize = 1024;

  enum class Kind {
    kChange,
    kTooSlow,  // the change after the last one delivered found the queue full
    kClosed,
  };
  struct Next {
    Kind kind = Kind::kClosed;
    std::shared_ptr<const Change> change;
  };
  using Receiver = std::function<void(const Next&)>;

  explicit Subscription(std::string_view prefix) : prefix_(prefix) {}

  // Gives the next change to `receiver`, at once or when there is one; from then on, or when nothing will come any
  // more, the reason for that. One receiver at a time; it is called without a lock, once.
  void Pull(Receiver receiver);

  // Ends the delivery at once. May be called more than once.
  void Close();

  // For the store: whether the subscription wants a change of `key`.
  [[nodiscard]] bool Wants(std::string_view key) const { return key.starts_with(prefix_); }

  // For the store: queues a change; false where no further one is wanted. Calls nobody: Wake does.
  bool Queue(const std::shared_ptr<const Change>& change);

  // For the store, without its lock: calls a receiver that waits.
  void Wake();

 private:
  bool TakeNext(Next& next);  // holds the lock

  const std::string prefix_;
  std::mutex mutex_;
  std::deque<std::shared_ptr<const Change>> queue_;
  bool too_slow_ = false;
  bool closed_ = false;
  Receiver waiting_;
};

}  // namespace stock
