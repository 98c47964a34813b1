// Programs as processes.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

// What the program that a variable of the environment names prints, and its exit status.
struct Output {
  std::string text;
  int status = -1;
};

inline Output RunProgram(const char* variable) {
  constexpr std::size_t kBlock = 4096;
  Output output;
  FILE* const pipe = popen(std::getenv(variable), "r");  // NOLINT: the test's own program
  std::array<char, kBlock> block{};
  while (const std::size_t count = fread(block.data(), 1, block.size(), pipe)) output.text.append(block.data(), count);
  output.status = pclose(pipe);
  return output;
}
