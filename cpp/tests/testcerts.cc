#include "cpp/tests/testcerts.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace stock::testing {
namespace {

constexpr long kHour = 60L * 60L;
constexpr long kVersion3 = 2;
constexpr std::size_t kRsaBits = 2048;

void Require(bool done, const char* what) {
  if (!done) throw std::runtime_error(what);
}

void AddExtension(X509* certificate, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509V3_EXT_conf_nid(nullptr, &context, kind, value), X509_EXTENSION_free);
  Require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, value);
}

template <typename Write>
std::string ToPem(const Write& write) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> memory(BIO_new(BIO_s_mem()), BIO_free_all);
  Require(write(memory.get()) == 1, "writing PEM");
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string CertificatePem(X509* certificate) {
  return ToPem([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}

}  // namespace

Authority::Authority(const std::string& key_type) : key_type_(key_type), key_(NewKey()) {
  // Not among the initializers: what it signs depends on whether there is a certificate yet.
  certificate_ = Sign(key_, "Stock test authority", nullptr);
}

std::string Authority::roots_pem() const { return CertificatePem(certificate_.get()); }

credentials::Identity Authority::Issue(const char* names) const {
  const Key key = NewKey();
  const Certificate certificate = Sign(key, "localhost", names);
  return {.chain_pem = CertificatePem(certificate.get()), .key_pem = ToPem([&](BIO* out) {
                                                            return PEM_write_bio_PKCS8PrivateKey(
                                                                out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
                                                          })};
}

Authority::Key Authority::NewKey() const {
  EVP_PKEY* key = nullptr;
  if (key_type_ == "rsa2048") key = EVP_RSA_gen(kRsaBits);
  if (key_type_ == "p256") key = EVP_EC_gen("P-256");
  if (key_type_ == "p384") key = EVP_EC_gen("P-384");
  if (key_type_ == "p521") key = EVP_EC_gen("P-521");
  Require(key != nullptr, "making a key");
  return {key, EVP_PKEY_free};
}

Authority::Certificate Authority::Sign(const Key& key, const std::string& subject, const char* names) const {
  Certificate made(X509_new(), X509_free);
  X509* certificate = made.get();
  X509_set_version(certificate, kVersion3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), certificate_ ? 2 : 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -kHour);
  X509_gmtime_adj(X509_getm_notAfter(certificate), kHour);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(subject.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate_ ? certificate_.get() : certificate));
  X509_set_pubkey(certificate, key.get());
  AddExtension(certificate, NID_basic_constraints, certificate_ ? "critical,CA:FALSE" : "critical,CA:TRUE");
  if (names != nullptr) AddExtension(certificate, NID_subject_alt_name, names);
  Require(X509_sign(certificate, key_.get(), EVP_sha256()) != 0, "signing");
  return made;
}

std::string WriteFile(const std::string& name, const std::string& content) {
  std::string path = std::string(std::getenv("TEST_TMPDIR")) + "/" + name;
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

}  // namespace stock::testing
