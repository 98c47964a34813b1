// A value, or one line of why there is none.
#pragma once

#include <fmt/format.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace stock {

template <typename T>
using Result = tl::expected<T, std::string>;

// The reason, by a format string of {fmt}.
template <typename... Args>
tl::unexpected<std::string> Refuse(fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace stock
