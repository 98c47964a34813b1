#include "cpp/session/frames.h"

#include <algorithm>
#include <cstdint>

namespace stock::session {
namespace {

constexpr std::size_t kHeadBytes = 4;
constexpr std::size_t kBlock = std::size_t{64} << 10;
constexpr unsigned kByteBits = 8;

std::size_t DecodeHead(std::string_view head) {
  std::size_t size = 0;
  for (const char byte : head) size = (size << kByteBits) | static_cast<std::uint8_t>(byte);
  return size;
}

void AppendHead(std::size_t size, std::string& buffer) {
  for (std::size_t i = kHeadBytes; i > 0; --i) buffer += static_cast<char>(size >> (kByteBits * (i - 1)));
}

}  // namespace

Result<std::optional<pb::Command>> FrameReader::Read() {
  Result<bool> filled = Fill(kHeadBytes);
  if (!filled) return tl::unexpected(filled.error());
  if (!*filled) return std::nullopt;
  const std::size_t size = DecodeHead(std::string_view(buffer_).substr(taken_, kHeadBytes));
  if (size > kMaxFrameBytes) return Refuse("a frame of {} bytes; at most {}", size, kMaxFrameBytes);
  filled = Fill(kHeadBytes + size);
  if (!filled) return tl::unexpected(filled.error());
  if (!*filled) return std::nullopt;
  pb::Command command;
  if (!command.ParseFromArray(&buffer_[taken_ + kHeadBytes], static_cast<int>(size))) {
    return Refuse("a frame does not decode as a Command");
  }
  taken_ += kHeadBytes + size;
  return command;
}

Result<bool> FrameReader::Fill(std::size_t size) {
  while (buffer_.size() - taken_ < size) {
    buffer_.erase(0, taken_);
    taken_ = 0;
    const auto end = ReadSome(input_, interrupt_, std::max(kBlock, size), buffer_);
    if (!end) return tl::unexpected(end.error());
    if (*end == ReadEnd::kEndOfInput && !buffer_.empty()) return Refuse("standard input ends within a frame");
    if (*end != ReadEnd::kRead) return false;
  }
  return true;
}

Result<void> AppendFrame(const pb::Event& event, std::string& buffer) {
  const std::size_t size = event.ByteSizeLong();
  if (size > kMaxFrameBytes) return Refuse("an event of {} bytes; a frame has at most {}", size, kMaxFrameBytes);
  AppendHead(size, buffer);
  event.AppendToString(&buffer);
  return {};
}

}  // namespace stock::session
