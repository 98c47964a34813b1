// PEM material to gRPC's credentials, or one line of why not.
#pragma once

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <optional>
#include <string>

#include "cpp/result.h"

namespace stock::credentials {

// An end's own certificate chain, PEM with the leaf first, and the leaf's private key, PEM PKCS#8 and not encrypted.
struct Identity {
  std::string chain_pem, key_pem;
};

// Credentials of a server: TLS 1.2 or 1.3, and with client roots (PEM) also mutual TLS, which requires and verifies
// the client's certificate.
Result<std::shared_ptr<grpc::ServerCredentials>> Server(const Identity& identity,
                                                        const std::optional<std::string>& client_roots_pem);

// Credentials of a client: it verifies the server against the roots (PEM; none stands for the system's), and offers
// its own identity, if any.
Result<std::shared_ptr<grpc::ChannelCredentials>> Client(const std::optional<std::string>& roots_pem,
                                                         const std::optional<Identity>& identity);

// The content of a file that must have some.
Result<std::string> ReadFile(const std::string& path);

// The identity in two files.
Result<Identity> ReadIdentity(const std::string& chain_path, const std::string& key_path);

}  // namespace stock::credentials
