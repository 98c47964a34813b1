#include "cpp/metadata.h"

#include <grpc/grpc.h>
#include <grpc/slice.h>

#include <algorithm>

namespace stock {
namespace {

namespace session = tofusoup::stock::session;

bool IsReserved(grpc::string_ref name) {
  return name == "content-type" || name.starts_with(":") || name.starts_with("grpc-");
}

// A view of the text: no byte is copied, nothing is to be freed.
grpc_slice Slice(const std::string& text) { return grpc_slice_from_static_buffer(text.data(), text.size()); }

bool IsSendableEntry(const session::Header& entry) {
  const grpc_slice name = Slice(entry.name());
  return grpc_header_key_is_legal(name) != 0 && !IsReserved(entry.name()) &&
         (grpc_is_binary_header(name) != 0 || grpc_header_nonbin_value_is_legal(Slice(entry.value())) != 0);
}

}  // namespace

session::Metadata FromGrpc(const GrpcMetadata& metadata) {
  session::Metadata out;
  for (const auto& [name, value] : metadata) {
    if (IsReserved(name)) continue;
    session::Header& entry = *out.add_entries();
    entry.set_name(name.data(), name.size());
    entry.set_value(value.data(), value.size());
  }
  return out;
}

std::string FirstValue(const GrpcMetadata& metadata, const std::string& name) {
  const auto found = metadata.find(name);
  return found == metadata.end() ? std::string() : std::string(found->second.data(), found->second.size());
}

std::size_t SizeOf(const GrpcMetadata& metadata) {
  constexpr std::size_t kEntry = 32;
  std::size_t size = 0;
  for (const auto& [name, value] : metadata) {
    // Binary values travel in base64.
    size += kEntry + name.size() + (name.ends_with("-bin") ? (value.size() * 4 + 2) / 3 : value.size());
  }
  return size;
}

bool IsSendable(const session::Metadata& metadata) { return std::ranges::all_of(metadata.entries(), IsSendableEntry); }

}  // namespace stock
