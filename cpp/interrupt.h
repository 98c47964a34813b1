// Waiting that can be ended from outside.
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <string>

#include "cpp/result.h"

namespace stock {

// A switch that reads wait for beside their input; once on it stays on. Safe for threads and in signal handlers.
class Interrupt {
 public:
  Interrupt() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  ~Interrupt() { close(event_); }
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  Interrupt(Interrupt&&) = delete;
  Interrupt& operator=(Interrupt&&) = delete;

  void Set() const { eventfd_write(event_, 1); }
  [[nodiscard]] bool IsSet() const;

  // Waits until it is set.
  void Await() const;

  // Readable from Set on.
  [[nodiscard]] int event() const { return event_; }

 private:
  const int event_;
};

// How a read ended.
enum class ReadEnd { kRead, kEndOfInput, kInterrupted };

// Reads at least one byte of `input` behind those that `buffer` holds, at most `size`; an error is one line of reason.
Result<ReadEnd> ReadSome(int input, const Interrupt& interrupt, std::size_t size, std::string& buffer);

// Reads `input` to its end.
Result<ReadEnd> ReadAll(int input, const Interrupt& interrupt, std::string& buffer);

// Writes all of `text`; an error is one line of reason.
Result<void> WriteAll(int output, std::string_view text);

}  // namespace stock
