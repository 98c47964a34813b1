// Metadata between gRPC's form and the session protocol's.
#pragma once

#include <grpcpp/support/string_ref.h>

#include <cstddef>
#include <map>
#include <string>

#include "proto/session.pb.h"

namespace stock {

using GrpcMetadata = std::multimap<grpc::string_ref, grpc::string_ref>;

inline constexpr char kDetailsKey[] = "grpc-status-details-bin";

// The entries that belong to the application, by name; values of a name keep their order.
tofusoup::stock::session::Metadata FromGrpc(const GrpcMetadata& metadata);

// The first value of a name; empty where there is none.
std::string FirstValue(const GrpcMetadata& metadata, const std::string& name);

// What a server takes of a request; as much a client takes back.
inline constexpr int kMaxMetadataBytes = 16 << 10;

// The size of metadata before compression, as RFC 9113 counts it (section 6.5.2).
std::size_t SizeOf(const GrpcMetadata& metadata);

// Whether gRPC can send all entries: it ends the process over one that it cannot.
bool IsSendable(const tofusoup::stock::session::Metadata& metadata);

}  // namespace stock
