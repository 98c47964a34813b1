// stock_client: calls a Stock server; docs/reference/programs.md describes it.
#include <unistd.h>

#include <string>
#include <vector>

#include "cpp/about.h"
#include "cpp/credentials.h"
#include "cpp/lines.h"
#include "cpp/log.h"
#include "cpp/operations.h"
#include "cpp/program.h"
#include "cpp/session/session.h"
#include "cpp/signals.h"
#include "cpp/text.h"

namespace stock {
namespace {

// Loads what the options name.
Result<Endpoint> EndpointOf(const options::Client& given) {
  Endpoint endpoint;
  endpoint.target = TargetOf(given.server);
  endpoint.server_name = given.server_name;
  endpoint.max_receive_bytes = given.max_receive_bytes;
  if (!given.tls) return endpoint;
  std::optional<std::string> roots;
  if (!given.ca_file.empty()) {
    auto content = credentials::ReadFile(given.ca_file);
    if (!content) return tl::unexpected(content.error());
    roots = *std::move(content);
  }
  std::optional<credentials::Identity> identity;
  if (!given.cert_file.empty()) {
    auto own = credentials::ReadIdentity(given.cert_file, given.key_file);
    if (!own) return tl::unexpected(own.error());
    identity = *std::move(own);
  }
  auto credentials = credentials::Client(roots, identity);
  if (!credentials) return tl::unexpected(credentials.error());
  endpoint.credentials = *std::move(credentials);
  return endpoint;
}

// Standard output, whose failure ends the operation.
class Printer {
 public:
  explicit Printer(grpc::ClientContext& context) : context_(context) {}

  void Print(const std::string& text) {
    if (const auto written = WriteAll(STDOUT_FILENO, text); !written) {
      failure_ = written.error();
      context_.TryCancel();
    }
  }

  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  grpc::ClientContext& context_;
  std::string failure_;
};

int ExitCodeOf(const Outcome& outcome) {
  if (outcome.status.ok()) return outcome.serving ? options::kExitOk : options::kExitNotServing;
  const int code = outcome.status.error_code();
  return Fail(options::kExitRpc + code, fmt::format("{}: {}", CodeName(code), OneLine(outcome.status.error_message())));
}

// Runs the operation on a channel of its own; returns the exit code.
int Operate(const options::Client& given, const Interrupt& interrupt, grpc::ClientContext& context) {
  std::string input;
  if (ReadsInput(given)) {
    const auto end = ReadAll(STDIN_FILENO, interrupt, input);
    if (!end) return Fail(options::kExitInternal, end.error());
    if (*end == ReadEnd::kInterrupted) return options::kExitInterrupted;
  }
  const auto operation = Prepare(given, input);
  if (!operation) return Fail(options::kExitUsage, operation.error() + "\n" + options::ClientUsage());
  const auto endpoint = EndpointOf(given);
  if (!endpoint) return Fail(options::kExitUsage, endpoint.error());
  if (given.timeout.count() > 0) {
    // Longer ones are beyond the clock's end.
    const auto timeout = std::min<std::chrono::nanoseconds>(given.timeout, std::chrono::hours(24) * 365);
    context.set_deadline(std::chrono::system_clock::now() + timeout);
  }
  Channel channel(*endpoint);
  Printer printer(context);
  const Outcome outcome = (*operation)(channel, context, [&](const std::string& text) { printer.Print(text); });
  if (!printer.failure().empty()) return Fail(options::kExitInternal, printer.failure());
  return interrupt.IsSet() ? options::kExitInterrupted : ExitCodeOf(outcome);
}

int RunSession(const Interrupt& interrupt) {
  const auto ended = session::Call(STDIN_FILENO, STDOUT_FILENO, interrupt);
  if (!ended) return Fail(options::kExitInternal, ended.error());
  return interrupt.IsSet() ? options::kExitInterrupted : options::kExitOk;
}

int Main(const std::vector<std::string>& words) {
  const auto given = options::ParseClient(words);
  if (!given) return Fail(options::kExitUsage, given.error() + "\n" + options::ClientUsage());
  if (given->help) return Show(options::ClientUsage());
  if (given->version) return Show(about::Line("stock_client") + "\n");
  // A failed RPC is one line, and the library's own log would be more.
  if (!given->session) QuietenLibrary();
  TakeOverLibraryLogs();
  const Interrupt interrupt;
  grpc::ClientContext context;
  const Signals signals({SIGINT}, [&](int /*count*/) {
    interrupt.Set();
    context.TryCancel();
  });
  return given->session ? RunSession(interrupt) : Operate(*given, interrupt, context);
}

}  // namespace
}  // namespace stock

int main(int count, char** words) { return stock::RunProgram(count, words, stock::Main); }
