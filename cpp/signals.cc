#include "cpp/signals.h"

#include <poll.h>
#include <sys/signalfd.h>

#include <array>

namespace stock {

Signals::Signals(const std::vector<int>& signals, std::function<void(int count)> on_signal) {
  sigemptyset(&set_);
  for (const int signal : signals) sigaddset(&set_, signal);
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  // A peer that does not read is an error of the write.
  std::signal(SIGPIPE, SIG_IGN);
  const int descriptor = signalfd(-1, &set_, SFD_CLOEXEC);
  thread_ = std::jthread([this, descriptor, told = std::move(on_signal)] { Watch(descriptor, told); });
}

Signals::~Signals() { end_.Set(); }

void Signals::Watch(int signals, const std::function<void(int)>& on_signal) {
  std::array<pollfd, 2> waits{pollfd{.fd = signals, .events = POLLIN, .revents = 0},
                              pollfd{.fd = end_.event(), .events = POLLIN, .revents = 0}};
  for (int count = 0; poll(waits.data(), waits.size(), -1) > 0 && waits[1].revents == 0;) {
    signalfd_siginfo info{};
    if (read(signals, &info, sizeof info) == sizeof info) on_signal(++count);
  }
  close(signals);
}

}  // namespace stock
