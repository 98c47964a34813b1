// The calls that a listener serves at the moment.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <unordered_map>

namespace stock {

// Counts calls and tells them of the drain. Safe for threads.
class RunningCalls {
 public:
  // A call begins; `on_drain` is called when the drain begins, at once if it has, and never after End.
  void Begin(const void* call, std::function<void()> on_drain);

  void End(const void* call);

  // Tells all calls, those to come too, of the drain.
  void Drain();

  // Waits until no call has run for `calm`, but not beyond `deadline`.
  void AwaitNone(std::chrono::steady_clock::time_point deadline, std::chrono::nanoseconds calm);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_map<const void*, std::function<void()>> calls_;
  bool draining_ = false;
};

}  // namespace stock
