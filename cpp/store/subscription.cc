#include "cpp/store/subscription.h"

#include <utility>

namespace stock {

void Subscription::Pull(Receiver receiver) {
  Next next;
  {
    const std::scoped_lock lock(mutex_);
    if (!TakeNext(next)) {
      waiting_ = std::move(receiver);
      return;
    }
  }
  receiver(next);
}

void Subscription::Close() {
  {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
  }
  Wake();
}

bool Subscription::Queue(const std::shared_ptr<const Change>& change) {
  const std::scoped_lock lock(mutex_);
  if (closed_ || too_slow_) return false;
  if (queue_.size() == kQueueSize) {
    too_slow_ = true;
    return false;
  }
  queue_.push_back(change);
  return true;
}

void Subscription::Wake() {
  Receiver receiver;
  Next next;
  {
    const std::scoped_lock lock(mutex_);
    if (!waiting_ || !TakeNext(next)) return;
    receiver = std::exchange(waiting_, nullptr);
  }
  receiver(next);
}

bool Subscription::TakeNext(Next& next) {
  if (closed_) {
    next.kind = Kind::kClosed;
    return true;
  }
  if (queue_.empty()) {
    next.kind = Kind::kTooSlow;
    return too_slow_;
  }
  next = {.kind = Kind::kChange, .change = std::move(queue_.front())};
  queue_.pop_front();
  return true;
}

}  // namespace stock
