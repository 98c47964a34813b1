#include "cpp/credentials.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include "cpp/server_names.h"

namespace stock::credentials {
namespace {

// More than any chain needs: a device without an end must not be read for ever.
constexpr std::size_t kMaxFileBytes = std::size_t{4} << 20;

template <auto Free>
struct Freeing {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Bio = std::unique_ptr<BIO, Freeing<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Freeing<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;

Bio Reader(const std::string& pem) { return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); }

// Of a key that is encrypted: nobody is asked.
int NoPassword(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) { return -1; }

// The certificates of a PEM text, all of which must be good.
Result<std::vector<Certificate>> ReadCertificates(const std::string& pem) {
  const Bio reader = Reader(pem);
  std::vector<Certificate> certificates;
  ERR_clear_error();
  while (Certificate certificate{PEM_read_bio_X509(reader.get(), nullptr, NoPassword, nullptr)}) {
    certificates.push_back(std::move(certificate));
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!at_end) return Refuse("PEM block {} is no certificate", certificates.size() + 1);
  if (certificates.empty()) return Refuse("no PEM certificate");
  return certificates;
}

Result<void> Check(const Identity& identity) {
  if (identity.key_pem.find("-----BEGIN PRIVATE KEY-----") == std::string::npos) {
    return Refuse("identity: the key is not a PEM PKCS#8 private key");
  }
  const auto chain = ReadCertificates(identity.chain_pem);
  if (!chain) return Refuse("identity: chain: {}", chain.error());
  const Bio reader = Reader(identity.key_pem);
  const Key key{PEM_read_bio_PrivateKey(reader.get(), nullptr, NoPassword, nullptr)};
  ERR_clear_error();
  if (!key) return Refuse("identity: the key does not parse");
  const bool matches = X509_check_private_key(chain->front().get(), key.get()) == 1;
  ERR_clear_error();
  if (!matches) return Refuse("identity: the key does not match the certificate");
  return {};
}

Result<void> CheckRoots(const std::string& pem, std::string_view what) {
  const auto roots = ReadCertificates(pem);
  if (!roots) return Refuse("{}: {}", what, roots.error());
  return {};
}

}  // namespace

Result<std::shared_ptr<grpc::ServerCredentials>> Server(const Identity& identity,
                                                        const std::optional<std::string>& client_roots_pem) {
  if (auto checked = Check(identity); !checked) return tl::unexpected(checked.error());
  grpc::SslServerCredentialsOptions options(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  options.pem_key_cert_pairs.push_back({identity.key_pem, identity.chain_pem});
  if (client_roots_pem) {
    if (auto checked = CheckRoots(*client_roots_pem, "client roots"); !checked) return tl::unexpected(checked.error());
    options.pem_root_certs = *client_roots_pem;
    options.client_certificate_request = GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
  }
  return grpc::SslServerCredentials(options);
}

Result<std::shared_ptr<grpc::ChannelCredentials>> Client(const std::optional<std::string>& roots_pem,
                                                         const std::optional<Identity>& identity) {
  grpc::experimental::TlsChannelCredentialsOptions options;
  std::vector<grpc::experimental::IdentityKeyCertPair> pairs;
  if (roots_pem) {
    if (auto checked = CheckRoots(*roots_pem, "roots"); !checked) return tl::unexpected(checked.error());
    options.watch_root_certs();
  }
  if (identity) {
    if (auto checked = Check(*identity); !checked) return tl::unexpected(checked.error());
    pairs.push_back({.private_key = identity->key_pem, .certificate_chain = identity->chain_pem});
    options.watch_identity_key_cert_pairs();
  }
  if (roots_pem || identity) {
    options.set_certificate_provider(
        std::make_shared<grpc::experimental::StaticDataCertificateProvider>(roots_pem.value_or(""), pairs));
  }
  options.set_certificate_verifier(ServerNames());
  return grpc::experimental::TlsCredentials(options);
}

Result<std::string> ReadFile(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string content(kMaxFileBytes, '\0');
  // A folder opens, and fails to be read.
  if (!file || (!file.read(content.data(), static_cast<std::streamsize>(content.size())) && file.bad())) {
    return Refuse("{}: {}", path, std::strerror(errno));
  }
  content.resize(static_cast<std::size_t>(file.gcount()));
  if (content.empty()) return Refuse("{}: empty", path);
  return content;
}

Result<Identity> ReadIdentity(const std::string& chain_path, const std::string& key_path) {
  Result<std::string> chain = ReadFile(chain_path);
  if (!chain) return tl::unexpected(chain.error());
  Result<std::string> key = ReadFile(key_path);
  if (!key) return tl::unexpected(key.error());
  return Identity{.chain_pem = *std::move(chain), .key_pem = *std::move(key)};
}

}  // namespace stock::credentials
