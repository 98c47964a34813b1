#include "cpp/directive.h"

#include <grpc/compression.h>
#include <grpc/grpc_security_constants.h>
#include <grpc/support/time.h>
#include <grpcpp/security/auth_context.h>

#include <utility>

#include "cpp/metadata.h"

namespace stock {
namespace {

namespace session = tofusoup::stock::session;

constexpr char kDirectiveKey[] = "stock-directive-bin";

bool Decode(const std::string& value, session::Directive& directive) {
  if (!directive.ParseFromString(value)) return false;
  if (!directive.has_fail()) return true;
  return directive.fail().code() >= 1 && directive.fail().code() <= grpc::StatusCode::UNAUTHENTICATED;
}

grpc::Status StatusOf(const session::Fail& fail) {
  return {static_cast<grpc::StatusCode>(fail.code()), fail.message(), fail.details()};
}

std::optional<std::int64_t> NanosecondsUntil(gpr_timespec deadline) {
  if (gpr_time_cmp(deadline, gpr_inf_future(deadline.clock_type)) == 0) return std::nullopt;
  const gpr_timespec left = gpr_time_sub(deadline, gpr_now(deadline.clock_type));
  return left.tv_sec * std::nano::den + left.tv_nsec;
}

}  // namespace

Directed::Directed(bool obeys, Report report, grpc::CallbackServerContext& context)
    : report_(std::move(report)), context_(context) {
  if (!obeys || !context.client_metadata().contains(kDirectiveKey)) return;
  undecodable_ = !Decode(FirstValue(context.client_metadata(), kDirectiveKey), directive_);
  if (undecodable_) directive_.Clear();
  if (report_ && !directive_.tag().empty()) Observe();
}

std::optional<grpc::Status> Directed::Prepare() {
  if (undecodable_) return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "bad directive");
  if (!IsSendable(directive_.headers()) || !IsSendable(directive_.trailers())) {
    return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "bad directive: metadata that cannot be sent");
  }
  for (const auto& entry : directive_.headers().entries()) context_.AddInitialMetadata(entry.name(), entry.value());
  for (const auto& entry : directive_.trailers().entries()) context_.AddTrailingMetadata(entry.name(), entry.value());
  // An algorithm would be used whatever the caller accepts; the lowest level is gzip where that is accepted.
  if (directive_.compress()) context_.set_compression_level(GRPC_COMPRESS_LEVEL_LOW);
  return std::nullopt;
}

std::optional<grpc::Status> Directed::FailFirst(bool streams) const {
  if (!directive_.has_fail() || (streams && directive_.fail().after() > 0)) return std::nullopt;
  return StatusOf(directive_.fail());
}

std::optional<grpc::Status> Directed::FailAfter(std::uint32_t count) const {
  if (!directive_.has_fail() || count < directive_.fail().after()) return std::nullopt;
  return StatusOf(directive_.fail());
}

void Directed::Observe() {
  *observation_.mutable_metadata() = FromGrpc(context_.client_metadata());
  if (const auto left = NanosecondsUntil(context_.raw_deadline())) observation_.set_deadline_ns(*left);
  const auto certificates = context_.auth_context()->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  if (certificates.empty()) return;
  observation_.set_peer_certificate_pem(certificates.front().data(), certificates.front().size());
}

void Directed::Ended(std::uint32_t messages_read, std::uint32_t messages_sent) {
  if (!report_ || directive_.tag().empty()) return;
  observation_.set_messages_read(messages_read);
  observation_.set_messages_sent(messages_sent);
  observation_.set_cancelled(context_.IsCancelled());
  report_(directive_.tag(), observation_);
}

}  // namespace stock
