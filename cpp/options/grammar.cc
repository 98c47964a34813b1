#include "cpp/options/grammar.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "cpp/text.h"

namespace stock::options {
namespace {

const Flag* Find(std::span<const Flag> flags, std::string_view name) {
  const auto found = std::ranges::find(flags, name, &Flag::name);
  return found == flags.end() ? nullptr : &*found;
}

// Sets the flag that `text` names, `name` or `name=value`, whose value may be the first of `rest`; then it is taken
// away. Returns the name.
Result<std::string> SetFlag(std::span<const Flag> flags, std::string_view text, std::span<const std::string>& rest) {
  const std::size_t equals = text.find('=');
  const bool attached = equals != std::string_view::npos;
  const std::string name(text.substr(0, equals));
  std::string value(attached ? text.substr(equals + 1) : std::string_view());
  const Flag* flag = Find(flags, name);
  if (flag == nullptr) return Refuse("unknown flag: --{}", Printable(name));
  if (flag->value.empty() && attached) return Refuse("--{} takes no value", name);
  if (!flag->value.empty() && !attached) {
    if (rest.empty()) return Refuse("--{} needs a value", name);
    value = rest.front();
    rest = rest.subspan(1);
  }
  if (const auto expected = flag->set(value)) {
    return Refuse("--{}: {} given, {} expected", name, Quoted(value), *expected);
  }
  return name;
}

// Whether all of `text` is a number of that type.
template <typename Number>
bool ParseWhole(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.begin(), text.end(), number);
  return error == std::errc() && end == text.end();
}

bool AreDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Result<Line> Parse(std::span<const Flag> flags, std::span<const std::string> words) {
  Line line;
  while (!words.empty()) {
    const std::string_view word = words.front();
    words = words.subspan(1);
    if (!word.starts_with("--")) {
      line.arguments.emplace_back(word);
    } else if (word.size() == 2) {
      line.arguments.insert(line.arguments.end(), words.begin(), words.end());
      break;
    } else {
      Result<std::string> name = SetFlag(flags, word.substr(2), words);
      if (!name) return tl::unexpected(name.error());
      line.given.insert(*std::move(name));
    }
  }
  return line;
}

std::string Usage(std::span<const Flag> flags) {
  std::string usage;
  for (const Flag& flag : flags) {
    const std::string name = fmt::format("--{}{}{}", flag.name, flag.value.empty() ? "" : " ", flag.value);
    usage += fmt::format("  {:<26} {}\n", name, flag.help);
  }
  return usage;
}

std::string Printable(std::string_view word) { return Escape(word); }

std::string Quoted(std::string_view word) { return fmt::format("\"{}\"", Printable(word)); }

Setter SetTrue(bool& target) {
  return [&target](const std::string&) -> std::optional<std::string> {
    target = true;
    return std::nullopt;
  };
}

Setter SetText(std::string& target) {
  return [&target](const std::string& value) -> std::optional<std::string> {
    // A file's name with a NUL would be cut off there.
    if (value.empty() || value.find('\0') != std::string::npos) return "a value that is not empty";
    target = value;
    return std::nullopt;
  };
}

Setter SetInteger(std::int64_t& target, std::int64_t low, std::int64_t high) {
  return [&target, low, high](const std::string& value) -> std::optional<std::string> {
    const auto number = ParseDigits(value);
    if (!number || *number < low || *number > high) return fmt::format("a number from {} to {}", low, high);
    target = *number;
    return std::nullopt;
  };
}

Setter SetSeconds(std::chrono::nanoseconds& target) {
  return [&target](const std::string& value) -> std::optional<std::string> {
    constexpr std::size_t kMostDigits = 9;
    const std::size_t point = value.find('.');
    const std::string_view whole = std::string_view(value).substr(0, point);
    double seconds = 0;
    if (!AreDigits(whole) || whole.size() > kMostDigits ||
        (point != std::string::npos && !AreDigits(std::string_view(value).substr(point + 1))) ||
        !ParseWhole(value, seconds)) {
      return "seconds like 5 or 0.25";
    }
    // Up: a fraction of a nanosecond is not 0.
    target = std::chrono::nanoseconds(static_cast<std::int64_t>(std::ceil(seconds * std::nano::den)));
    return std::nullopt;
  };
}

std::optional<std::int64_t> ParseDigits(std::string_view text) {
  std::int64_t number = 0;
  if (!AreDigits(text) || !ParseWhole(text, number)) return std::nullopt;
  return number;
}

Result<void> OnlyWithSession(const Line& line, std::span<const std::string_view> allowed) {
  for (const std::string& name : line.given) {
    if (name != "session" && std::ranges::find(allowed, name) == allowed.end()) {
      return Refuse("--session goes without --{}", name);
    }
  }
  return {};
}

}  // namespace stock::options
