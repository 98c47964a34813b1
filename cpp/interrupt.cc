#include "cpp/interrupt.h"

#include <poll.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace stock {
namespace {

constexpr std::size_t kBlock = std::size_t{64} << 10;

// Waits for input, its end, or the interruption.
void Await(int input, const Interrupt& interrupt) {
  std::array<pollfd, 2> waits{pollfd{.fd = input, .events = POLLIN, .revents = 0},
                              pollfd{.fd = interrupt.event(), .events = POLLIN, .revents = 0}};
  while (poll(waits.data(), waits.size(), -1) < 0 && errno == EINTR) {
  }
}

}  // namespace

bool Interrupt::IsSet() const {
  pollfd wait{.fd = event_, .events = POLLIN, .revents = 0};
  return poll(&wait, 1, 0) > 0;
}

void Interrupt::Await() const {
  pollfd wait{.fd = event_, .events = POLLIN, .revents = 0};
  while (poll(&wait, 1, -1) < 0 && errno == EINTR) {
  }
}

Result<ReadEnd> ReadSome(int input, const Interrupt& interrupt, std::size_t size, std::string& buffer) {
  const std::size_t before = buffer.size();
  for (;;) {
    Await(input, interrupt);
    if (interrupt.IsSet()) return ReadEnd::kInterrupted;
    buffer.resize(before + size);
    const ssize_t count = read(input, &buffer[before], size);
    const int error = errno;
    buffer.resize(before + static_cast<std::size_t>(count < 0 ? 0 : count));
    if (count > 0) return ReadEnd::kRead;
    if (count == 0) return ReadEnd::kEndOfInput;
    if (error != EINTR && error != EAGAIN) return Refuse("reading standard input: {}", std::strerror(error));
  }
}

Result<ReadEnd> ReadAll(int input, const Interrupt& interrupt, std::string& buffer) {
  for (;;) {
    const auto end = ReadSome(input, interrupt, kBlock, buffer);
    if (!end || *end == ReadEnd::kInterrupted) return end;
    if (*end == ReadEnd::kEndOfInput) return ReadEnd::kRead;
  }
}

Result<void> WriteAll(int output, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(output, text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      pollfd wait{.fd = output, .events = POLLOUT, .revents = 0};
      poll(&wait, 1, -1);
    } else if (errno != EINTR) {
      return Refuse("writing standard output: {}", std::strerror(errno));
    }
  }
  return {};
}

}  // namespace stock
