// The grammar that the two programs' command lines share. It touches nothing outside.
//
// It is our own because it is stricter than the libraries': absl's flags take one dash for two, add `--noflag` and
// `--flagfile`, and exit by themselves; CLI11 takes `-5` for a short flag.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cpp/result.h"

namespace stock::options {

// Exit codes of the two programs; an RPC that failed is kExitRpc plus its status code.
inline constexpr int kExitOk = 0;
inline constexpr int kExitNotServing = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitCannotBind = 3;
inline constexpr int kExitInternal = 4;
inline constexpr int kExitRpc = 64;
inline constexpr int kExitInterrupted = 130;

inline constexpr std::int64_t kMaxReceiveBytes = (std::int64_t{1} << 31) - 1;
inline constexpr std::int64_t kDefaultReceiveBytes = std::int64_t{4} << 20;

// What a flag's value is stored by: nothing where it will do, else what is expected instead.
using Setter = std::function<std::optional<std::string>(const std::string& value)>;

// One flag of a program. It takes a value if it names one; else its setter is given the empty string.
struct Flag {
  std::string name, value, help;
  Setter set;
};

// A command line taken apart.
struct Line {
  std::set<std::string, std::less<>> given;  // the flags
  std::vector<std::string> arguments;        // the rest, in order
};

// Takes a command line apart, or tells in one line what breaks the grammar, and sets the flags given, the last of a
// repeated one at last.
Result<Line> Parse(std::span<const Flag> flags, std::span<const std::string> words);

// The lines that tell of flags.
std::string Usage(std::span<const Flag> flags);

// A word of the command line fit for a line of text, and the same in quotes.
std::string Printable(std::string_view word);
std::string Quoted(std::string_view word);

Setter SetTrue(bool& target);
Setter SetText(std::string& target);
Setter SetInteger(std::int64_t& target, std::int64_t low, std::int64_t high);
Setter SetSeconds(std::chrono::nanoseconds& target);

// A number as the grammar knows them: digits, no sign, no exponent.
std::optional<std::int64_t> ParseDigits(std::string_view text);

// Refuses the flags that make no sense in a session, all but `allowed`.
Result<void> OnlyWithSession(const Line& line, std::span<const std::string_view> allowed);

}  // namespace stock::options
