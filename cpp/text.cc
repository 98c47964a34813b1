#include "cpp/text.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>

namespace stock {
namespace {

// Sequences by their first byte: how long they are, and between what their second byte must lie.
struct Sequence {
  std::uint8_t first, last;
  std::size_t length;
  std::uint8_t low, high;
};

constexpr std::array kSequences{
    Sequence{0x00, 0x7F, 1, 0x00, 0x00}, Sequence{0xC2, 0xDF, 2, 0x80, 0xBF}, Sequence{0xE0, 0xE0, 3, 0xA0, 0xBF},
    Sequence{0xE1, 0xEC, 3, 0x80, 0xBF}, Sequence{0xED, 0xED, 3, 0x80, 0x9F}, Sequence{0xEE, 0xEF, 3, 0x80, 0xBF},
    Sequence{0xF0, 0xF0, 4, 0x90, 0xBF}, Sequence{0xF1, 0xF3, 4, 0x80, 0xBF}, Sequence{0xF4, 0xF4, 4, 0x80, 0x8F},
};

std::uint8_t Byte(std::string_view text, std::size_t index) { return static_cast<std::uint8_t>(text[index]); }

bool Continues(std::string_view text, const Sequence& sequence) {
  if (text.size() < sequence.length) return false;
  for (std::size_t i = 1; i < sequence.length; ++i) {
    const std::uint8_t low = i == 1 ? sequence.low : std::uint8_t{0x80};
    const std::uint8_t high = i == 1 ? sequence.high : std::uint8_t{0xBF};
    if (Byte(text, i) < low || Byte(text, i) > high) return false;
  }
  return true;
}

std::string EscapeOne(std::string_view character) {
  if (character == "\\") return "\\\\";
  if (character == "\n") return "\\n";
  if (character == "\r") return "\\r";
  if (character == "\t") return "\\t";
  const std::uint8_t byte = Byte(character, 0);
  if (byte < 0x20 || byte == 0x7F) return fmt::format("\\x{:02X}", byte);
  return std::string(character);
}

}  // namespace

std::size_t Utf8Length(std::string_view text) {
  for (const Sequence& sequence : kSequences) {
    if (Byte(text, 0) >= sequence.first && Byte(text, 0) <= sequence.last) {
      return Continues(text, sequence) ? sequence.length : 0;
    }
  }
  return 0;
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string ToValidUtf8(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    valid += length == 0 ? "\xEF\xBF\xBD" : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return valid;
}

std::string Escape(std::string_view text) {
  std::string escaped;
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    escaped += length == 0 ? fmt::format("\\x{:02X}", Byte(text, 0)) : EscapeOne(text.substr(0, length));
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return escaped;
}

std::string OneLine(std::string_view text) {
  std::string line;
  for (const char character : text) {
    if (character == '\n') {
      line += "\\n";
    } else if (character == '\r') {
      line += "\\r";
    } else {
      line += character;
    }
  }
  return line;
}

}  // namespace stock
