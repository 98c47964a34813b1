#include "cpp/running.h"

#include <algorithm>
#include <utility>

namespace stock {

void RunningCalls::Begin(const void* call, std::function<void()> on_drain) {
  const std::scoped_lock lock(mutex_);
  if (draining_) on_drain();
  calls_.emplace(call, std::move(on_drain));
  changed_.notify_all();
}

void RunningCalls::End(const void* call) {
  const std::scoped_lock lock(mutex_);
  calls_.erase(call);
  changed_.notify_all();
}

void RunningCalls::Drain() {
  // With the lock, so that no call ends while it is told.
  const std::scoped_lock lock(mutex_);
  draining_ = true;
  for (const auto& [call, on_drain] : calls_) on_drain();
}

void RunningCalls::AwaitNone(std::chrono::steady_clock::time_point deadline, std::chrono::nanoseconds calm) {
  std::unique_lock lock(mutex_);
  while (changed_.wait_until(lock, deadline, [this] { return calls_.empty(); })) {
    const auto calm_end = std::min(deadline, std::chrono::steady_clock::now() + calm);
    if (!changed_.wait_until(lock, calm_end, [this] { return !calls_.empty(); })) return;
  }
}

}  // namespace stock
