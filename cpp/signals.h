// Signals as an interruption.
#pragma once

#include <csignal>
#include <functional>
#include <thread>
#include <vector>

#include "cpp/interrupt.h"

namespace stock {

// Takes some signals of the process to itself. Made before any other thread, so that none of them is told.
class Signals {
 public:
  // Calls `on_signal` in a thread of its own, with the number of signals so far.
  Signals(const std::vector<int>& signals, std::function<void(int count)> on_signal);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  Signals(Signals&&) = delete;
  Signals& operator=(Signals&&) = delete;

 private:
  void Watch(int signals, const std::function<void(int)>& on_signal);

  sigset_t set_{};
  Interrupt end_;
  std::jthread thread_;
};

}  // namespace stock
