// Frames on the standard streams: a length of four bytes, big-endian, then a message. proto/session.proto is the
// manual.
#pragma once

#include <optional>
#include <string>

#include "cpp/interrupt.h"
#include "proto/session.pb.h"

namespace stock::session {

namespace pb = tofusoup::stock::session;

inline constexpr std::size_t kMaxFrameBytes = std::size_t{16} << 20;

// Reads commands. For one thread.
class FrameReader {
 public:
  FrameReader(int input, const Interrupt& interrupt) : input_(input), interrupt_(interrupt) {}

  // The next command; none at the end of the input or an interruption; an error where input is no stream of frames.
  Result<std::optional<pb::Command>> Read();

 private:
  // Makes `size` bytes available; false at the end of the input or an interruption.
  Result<bool> Fill(std::size_t size);

  const int input_;
  const Interrupt& interrupt_;
  std::string buffer_;
  std::size_t taken_ = 0;  // bytes of the buffer that belong to earlier frames
};

// Appends a frame; an error where the event is too large for one.
Result<void> AppendFrame(const pb::Event& event, std::string& buffer);

}  // namespace stock::session
