#include "cpp/server_names.h"

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stock::credentials {
namespace {

using grpc::experimental::TlsCustomVerificationCheckRequest;

// A target without its port, and an IPv6 address without its brackets.
std::string_view HostOf(std::string_view target) {
  if (target.starts_with('[')) return target.substr(1, target.find(']') - 1);
  const std::size_t colon = target.find(':');
  const bool has_port = colon != std::string_view::npos && target.find(':', colon + 1) == std::string_view::npos;
  return has_port ? target.substr(0, colon) : target;
}

// Whether the check can have matched an alternative name: with none of DNS, only an address.
bool HasName(const TlsCustomVerificationCheckRequest& request) {
  if (!request.dns_names().empty()) return true;
  const grpc::string_ref target = request.target_name();
  const std::string_view host = HostOf({target.data(), target.size()});
  const std::vector<grpc::string_ref> addresses = request.ip_names();
  return std::ranges::any_of(addresses, [host](const grpc::string_ref& address) {
    return std::string_view(address.data(), address.size()) == host;
  });
}

class Verifier final : public grpc::experimental::ExternalCertificateVerifier {
 public:
  // gRPC's own answers at once.
  bool Verify(TlsCustomVerificationCheckRequest* request, std::function<void(grpc::Status)> callback,
              grpc::Status* sync_status) override {
    const bool answered = own_.Verify(request, std::move(callback), sync_status);
    if (answered && sync_status->ok() && !HasName(*request)) {
      *sync_status = {grpc::UNAUTHENTICATED, "the certificate has no alternative name"};
    }
    return answered;
  }

  void Cancel(TlsCustomVerificationCheckRequest* request) override { own_.Cancel(request); }

 private:
  grpc::experimental::HostNameCertificateVerifier own_;
};

}  // namespace

std::shared_ptr<grpc::experimental::CertificateVerifier> ServerNames() {
  return grpc::experimental::ExternalCertificateVerifier::Create<Verifier>();
}

}  // namespace stock::credentials
