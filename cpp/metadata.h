// Metadata between gRPC's form and the session protocol's.
#pragma once

#include <grpcpp/support/string_ref.h>

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

// Whether gRPC can send all entries: it ends the process over one that it cannot.
bool IsSendable(const tofusoup::stock::session::Metadata& metadata);

}  // namespace stock
