#include "cpp/log.h"

#include <fmt/format.h>
#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "cpp/text.h"

namespace stock {
namespace {

void LogGrpc(gpr_log_func_args* args) {
  Log(args->severity == GPR_LOG_SEVERITY_ERROR ? "error" : "info", fmt::format("grpc: {}", args->message));
}

void LogProtobuf(google::protobuf::LogLevel level, const char* /*file*/, int /*line*/, const std::string& message) {
  if (level >= google::protobuf::LOGLEVEL_WARNING) Log("warning", fmt::format("protobuf: {}", message));
}

}  // namespace

void Log(std::string_view level, std::string_view text) {
  const std::string line = fmt::format("{}: {}\n", level, OneLine(text));
  // One write, so that lines do not mix; nobody is there to tell that it failed.
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
}

void QuietenLibrary() { setenv("GRPC_VERBOSITY", "NONE", /*replace=*/0); }

void TakeOverLibraryLogs() {
  gpr_set_log_function(LogGrpc);
  google::protobuf::SetLogHandler(LogProtobuf);
}

}  // namespace stock
