// Whether a server's certificate is for the name that was dialled.
#pragma once

#include <grpcpp/security/tls_certificate_verifier.h>

#include <memory>

namespace stock::credentials {

// Takes gRPC's own check of names, but no name from the subject of a certificate: gRPC's does where no alternative
// name is one of DNS, and a subject's common name is no name (RFC 9525, section 2).
std::shared_ptr<grpc::experimental::CertificateVerifier> ServerNames();

}  // namespace stock::credentials
