// What clang-tidy warns of, and the compiler does not.
#include <string>
#include <utility>

std::size_t Faulty(std::string text) {
  const std::string taken = std::move(text);
  return taken.size() + text.size();
}
