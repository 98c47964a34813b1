#include "cpp/tests/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace stock::testing {
namespace {

constexpr std::chrono::seconds kPatience{20};

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    reader = ends[0];
    writer = ends[1];
  }
  int reader, writer;
};

// Reads what is there; false at the end, or when nothing comes in time.
bool ReadSome(int descriptor, std::chrono::steady_clock::time_point deadline, std::string& buffer, std::size_t most) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  pollfd wait{.fd = descriptor, .events = POLLIN, .revents = 0};
  if (left.count() <= 0 || poll(&wait, 1, static_cast<int>(left.count())) <= 0) return false;
  const std::size_t before = buffer.size();
  buffer.resize(before + most);
  const ssize_t count = read(descriptor, &buffer[before], most);
  buffer.resize(before + static_cast<std::size_t>(count < 0 ? 0 : count));
  return count > 0;
}

std::string ReadToEnd(int descriptor, std::chrono::steady_clock::time_point deadline) {
  constexpr std::size_t kBlock = 4096;
  std::string all;
  while (ReadSome(descriptor, deadline, all, kBlock)) {
  }
  return all;
}

}  // namespace

Process::Process(const std::string& variable, const std::vector<std::string>& arguments, const char* output_file) {
  std::string program = std::getenv(variable.c_str());
  std::vector<std::string> words = arguments;
  std::vector<char*> pointers{program.data()};
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const Pipe in;
  const Pipe out;
  const Pipe err;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.reader, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.writer, STDOUT_FILENO);
  if (output_file != nullptr) posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output_file, O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, err.writer, STDERR_FILENO);
  const int failed = posix_spawn(&child_, program.c_str(), &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  for (const int end : {in.reader, out.writer, err.writer}) close(end);
  if (failed != 0) throw std::runtime_error("cannot start " + program);
  input_ = in.writer;
  output_ = out.reader;
  errors_ = err.reader;
}

Process::~Process() {
  if (child_ > 0) {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  CloseInput();
  close(output_);
  close(errors_);
}

void Process::Write(const std::string& input) const {
  EXPECT_EQ(write(input_, input.data(), input.size()), static_cast<ssize_t>(input.size()));
}

void Process::CloseInput() {
  if (input_ >= 0) close(input_);
  input_ = -1;
}

void Process::Signal(int signal) const { EXPECT_EQ(kill(child_, signal), 0); }

std::string Process::ReadLine() const {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  std::string line;
  while (!line.ends_with('\n')) {
    if (!ReadSome(output_, deadline, line, 1)) {
      ADD_FAILURE() << "no line, but: " << line;
      return line;
    }
  }
  line.pop_back();
  return line;
}

Ended Process::Wait() {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  // Its end closes the pipes.
  Ended ended;
  ended.output = ReadToEnd(output_, deadline);
  ended.errors = ReadToEnd(errors_, deadline);
  if (std::chrono::steady_clock::now() >= deadline) {
    ADD_FAILURE() << "the program does not end";
    return ended;
  }
  int status = 0;
  waitpid(child_, &status, 0);
  child_ = -1;
  if (WIFEXITED(status)) ended.code = WEXITSTATUS(status);
  return ended;
}

Ended Process::RunToFull(const std::string& variable, const std::vector<std::string>& arguments) {
  return Process(variable, arguments, "/dev/full").Wait();
}

Ended Process::Run(const std::string& variable, const std::vector<std::string>& arguments, const std::string& input) {
  Process process(variable, arguments);
  process.Write(input);
  process.CloseInput();
  return process.Wait();
}

}  // namespace stock::testing
