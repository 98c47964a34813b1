#include "cpp/program.h"

#include <unistd.h>

#include <exception>
#include <iostream>

#include "cpp/interrupt.h"
#include "cpp/options/grammar.h"

namespace stock {

int Fail(int code, std::string_view reason) {
  std::cerr << reason << std::endl;
  return code;
}

int Show(std::string_view text) {
  const auto written = WriteAll(STDOUT_FILENO, text);
  return written ? options::kExitOk : Fail(options::kExitInternal, written.error());
}

int RunProgram(int count, char** words, const std::function<int(const std::vector<std::string>&)>& run) {
  try {
    return run({words + 1, words + count});
  } catch (const std::exception& fault) {
    return Fail(options::kExitInternal, fault.what());
  }
}

}  // namespace stock
