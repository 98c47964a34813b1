#include "cpp/about.h"

#include <fmt/format.h>
#include <grpcpp/version_info.h>

namespace stock::about {

std::string Version() { return STOCK_VERSION; }

std::string Library() { return fmt::format("grpc++ {}", GRPC_CPP_VERSION_STRING); }

std::string Runtime() { return fmt::format("gcc {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__); }

std::string Line(std::string_view program) {
  return fmt::format("{} {} {} {}", program, Version(), kLanguage, Library());
}

}  // namespace stock::about
