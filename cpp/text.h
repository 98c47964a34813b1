// UTF-8 and printable text: what keys, lines and messages have in common.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace stock {

// The length of the UTF-8 sequence that `text` begins with; 0 where it begins with none. `text` is not empty.
std::size_t Utf8Length(std::string_view text);

bool IsUtf8(std::string_view text);

// `text` with each byte that is not UTF-8 replaced by U+FFFD.
std::string ToValidUtf8(std::string_view text);

// `text` fit for one field of a line: `\\`, `\n`, `\r`, `\t`, and `\xHH` for other bytes below 0x20, 0x7F, and bytes
// that are not UTF-8.
std::string Escape(std::string_view text);

// `text` without the ends of lines that would make it several.
std::string OneLine(std::string_view text);

}  // namespace stock
