// Identities for tests, minted when they are asked for.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "cpp/credentials.h"

namespace stock::testing {

// Issues identities whose keys are of one type: `p256`, `p384`, `p521` or `rsa2048`.
class Authority {
 public:
  explicit Authority(const std::string& key_type);

  // The authority's own certificate.
  [[nodiscard]] std::string roots_pem() const;

  // An end at localhost by its subject, and by its alternative names (openssl's way of writing them; null for none).
  [[nodiscard]] credentials::Identity Issue(const char* names = "DNS:localhost,IP:127.0.0.1,IP:::1") const;

 private:
  using Key = std::shared_ptr<EVP_PKEY>;
  using Certificate = std::shared_ptr<X509>;

  [[nodiscard]] Key NewKey() const;
  [[nodiscard]] Certificate Sign(const Key& key, const std::string& subject, const char* names) const;

  const std::string key_type_;
  Key key_;
  Certificate certificate_;
};

// A file of the test's own folder with that content; its path.
std::string WriteFile(const std::string& name, const std::string& content);

}  // namespace stock::testing
