#include "cpp/session/session.h"

#include "cpp/about.h"

namespace stock::session {
namespace {

constexpr int kProtocol = 1;

}  // namespace

pb::Event Hello(pb::Role role, const std::vector<std::string_view>& abilities) {
  pb::Event event;
  pb::Hello& hello = *event.mutable_hello();
  hello.set_protocol(kProtocol);
  hello.set_language(std::string(about::kLanguage));
  hello.set_role(role);
  hello.set_library(about::Library());
  hello.set_runtime(about::Runtime());
  hello.set_transport(std::string(about::kTransport));
  hello.set_tls_stack(std::string(about::kTlsStack));
  hello.set_version(about::Version());
  for (const std::string_view ability : abilities) hello.add_supports(std::string(ability));
  for (const char* type : {"rsa2048", "rsa4096", "p256", "p384", "p521"}) {
    hello.add_supports(fmt::format("key_type:{}", type));
  }
  return event;
}

Result<void> ObeyAll(FrameReader& reader, Output& output, const std::function<Result<void>(const pb::Command&)>& obey) {
  for (;;) {
    const Result<std::optional<pb::Command>> command = reader.Read();
    if (!command) return tl::unexpected(command.error());
    if (!*command) return {};
    if (const Result<void> obeyed = obey(**command); !obeyed) {
      pb::Event event;
      event.mutable_failure()->set_id((*command)->id());
      event.mutable_failure()->set_reason(obeyed.error());
      output.Send(std::move(event));
    }
  }
}

}  // namespace stock::session
