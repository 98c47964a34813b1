// A program of ours as a process.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace stock::testing {

// How a program has ended.
struct Ended {
  int code = -1;  // negative: not by itself
  std::string output;
  std::string errors;
};

// A running program with pipes at its standard streams. It is killed where the test ends before it.
class Process {
 public:
  // `variable` of the environment names the program's file. Standard output goes to a file where one is given.
  Process(const std::string& variable, const std::vector<std::string>& arguments, const char* output_file = nullptr);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  Process(Process&&) = delete;
  Process& operator=(Process&&) = delete;

  void Write(const std::string& input) const;
  void CloseInput();
  void Signal(int signal) const;

  // The next line of its standard output, without its end.
  std::string ReadLine() const;

  // Waits for its end; a program that does not end fails the test.
  Ended Wait();

  // Runs a program whose standard output takes nothing.
  static Ended RunToFull(const std::string& variable, const std::vector<std::string>& arguments);

  // Runs a program that reads `input` and ends.
  static Ended Run(const std::string& variable, const std::vector<std::string>& arguments,
                   const std::string& input = "");

 private:
  pid_t child_ = -1;
  int input_ = -1;
  int output_ = -1;
  int errors_ = -1;
};

}  // namespace stock::testing
