// Package testcerts mints identities for tests.
package testcerts

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"testing"
	"time"
)

// KeyTypes are the types of keys that Mint knows.
var KeyTypes = []string{"rsa2048", "p256", "p384", "p521"}

// An Authority issues identities.
type Authority struct {
	t           testing.TB
	certificate *x509.Certificate
	key         crypto.Signer
	keyType     string
}

// Mint returns a new authority whose keys, and those of the identities it issues, are of one type.
func Mint(t testing.TB, keyType string) *Authority {
	t.Helper()
	a := &Authority{t: t, keyType: keyType, key: newKey(t, keyType)}
	a.certificate = &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "Stock test authority"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	a.certificate.Raw = a.sign(a.certificate, a.key)
	return a
}

// RootsPEM returns the authority's own certificate.
func (a *Authority) RootsPEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
}

// Issue returns the chain and the key, both PEM, of an end at localhost.
func (a *Authority) Issue() (chainPEM, keyPEM []byte) {
	a.t.Helper()
	key := newKey(a.t, a.keyType)
	der := a.sign(&x509.Certificate{
		SerialNumber: big.NewInt(2),
		Subject:      pkix.Name{CommonName: "Stock test end"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		DNSNames:     []string{"localhost"},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}, key)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
}

func (a *Authority) sign(template *x509.Certificate, key crypto.Signer) []byte {
	a.t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	return der
}

func newKey(t testing.TB, keyType string) crypto.Signer {
	t.Helper()
	if keyType == "rsa2048" {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	curves := map[string]elliptic.Curve{"p256": elliptic.P256(), "p384": elliptic.P384(), "p521": elliptic.P521()}
	key, err := ecdsa.GenerateKey(curves[keyType], rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
