// stock_server: serves Stock and KV; docs/reference/programs.md describes it.
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "cpp/about.h"
#include "cpp/credentials.h"
#include "cpp/listener.h"
#include "cpp/log.h"
#include "cpp/options/server.h"
#include "cpp/program.h"
#include "cpp/session/session.h"
#include "cpp/signals.h"

namespace stock {
namespace {

// Loads what the options name.
Result<ListenerConfig> Configure(const options::Server& given) {
  ListenerConfig config;
  config.host = given.host;
  config.port = static_cast<std::uint16_t>(given.port);
  config.security = given.security;
  config.max_receive_bytes = given.max_receive_bytes;
  config.stores = std::make_shared<Stores>();
  config.conformance = given.conformance;
  if (given.security == "plaintext") return config;
  const auto identity = credentials::ReadIdentity(given.cert_file, given.key_file);
  if (!identity) return tl::unexpected(identity.error());
  std::optional<std::string> roots;
  if (given.security == "mtls") {
    auto content = credentials::ReadFile(given.client_ca_file);
    if (!content) return tl::unexpected(content.error());
    roots = *std::move(content);
  }
  auto credentials = credentials::Server(*identity, roots);
  if (!credentials) return tl::unexpected(credentials.error());
  config.credentials = *std::move(credentials);
  return config;
}

// Serves until the interruption, or a session's input ends, then drains. Returns the exit code.
int Serve(const options::Server& given, const Interrupt& interrupt) {
  if (given.session) {
    const auto ended = session::Serve(STDIN_FILENO, STDOUT_FILENO, interrupt, given.grace);
    return ended ? options::kExitOk : Fail(options::kExitInternal, ended.error());
  }
  const auto config = Configure(given);
  if (!config) return Fail(options::kExitUsage, config.error());
  const auto listener = Listener::Listen(*config);
  if (!listener) return Fail(options::kExitCannotBind, listener.error());
  const int code = Show(fmt::format("Server listening on {}\n", (*listener)->address()));
  if (code == options::kExitOk) interrupt.Await();
  (*listener)->Drain(given.grace);
  return code;
}

// Ends the process once the grace is over, whatever holds it.
void EndAfter(std::chrono::nanoseconds grace) {
  std::thread([grace] {
    std::this_thread::sleep_for(grace + Listener::kAbortTimeout);
    std::_Exit(options::kExitOk);
  }).detach();
}

int Main(const std::vector<std::string>& words) {
  const auto given = options::ParseServer(words);
  if (!given) return Fail(options::kExitUsage, given.error() + "\n" + options::ServerUsage());
  if (given->help) return Show(options::ServerUsage());
  if (given->version) return Show(about::Line("stock_server") + "\n");
  TakeOverLibraryLogs();
  const Interrupt interrupt;
  const Signals signals({SIGTERM, SIGINT}, [&](int count) {
    if (count > 1) std::_Exit(options::kExitOk);
    interrupt.Set();
    EndAfter(given->grace);
  });
  return Serve(*given, interrupt);
}

}  // namespace
}  // namespace stock

int main(int count, char** words) { return stock::RunProgram(count, words, stock::Main); }
