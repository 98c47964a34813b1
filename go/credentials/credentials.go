// Package credentials turns PEM material into transport credentials, or says in one line why it cannot.
package credentials

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"

	"google.golang.org/grpc/credentials"
)

// maxFileBytes is more than any chain needs: a device without an end must not be read for ever.
const maxFileBytes = 4 << 20

// An Identity is an end's own certificate chain, PEM with the leaf first, and the leaf's private key, PEM
// PKCS#8 and not encrypted.
type Identity struct {
	ChainPEM, KeyPEM []byte
}

// Server returns the credentials of a server: TLS 1.2 or 1.3, and with client roots (PEM) also mutual TLS,
// which requires and verifies the client's certificate. Nil roots stand for none.
func Server(identity Identity, clientRootsPEM []byte) (credentials.TransportCredentials, error) {
	certificate, err := identity.load()
	if err != nil {
		return nil, err
	}
	config := &tls.Config{
		MinVersion:       tls.VersionTLS12,
		Certificates:     []tls.Certificate{certificate},
		VerifyConnection: requireHTTP2,
	}
	if clientRootsPEM != nil {
		config.ClientAuth = tls.RequireAndVerifyClientCert
		if config.ClientCAs, err = roots(clientRootsPEM); err != nil {
			return nil, fmt.Errorf("client roots: %w", err)
		}
	}
	return credentials.NewTLS(config), nil
}

// Client returns the credentials of a client: it verifies the server against the roots (PEM; nil stands
// for the system's) and the server name (empty stands for the host that is dialled), and offers its own
// identity unless that is nil.
func Client(rootsPEM []byte, identity *Identity, serverName string) (credentials.TransportCredentials, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: serverName}
	if rootsPEM != nil {
		pool, err := roots(rootsPEM)
		if err != nil {
			return nil, fmt.Errorf("roots: %w", err)
		}
		config.RootCAs = pool
	}
	if identity != nil {
		certificate, err := identity.load()
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{certificate}
	}
	return credentials.NewTLS(config), nil
}

// requireHTTP2 refuses a peer without ALPN within the handshake. grpc-go would do so after it, unless its
// environment says otherwise.
func requireHTTP2(state tls.ConnectionState) error {
	if state.NegotiatedProtocol != "h2" {
		return errors.New("the peer did not offer h2 by ALPN")
	}
	return nil
}

// ReadFile returns the content of a file that must have some.
func ReadFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxFileBytes))
	if err != nil {
		return nil, err
	}
	if len(content) == 0 {
		return nil, fmt.Errorf("%s: empty", path)
	}
	return content, nil
}

// ReadIdentity returns the identity in two files.
func ReadIdentity(chainPath, keyPath string) (Identity, error) {
	chain, err := ReadFile(chainPath)
	if err != nil {
		return Identity{}, err
	}
	key, err := ReadFile(keyPath)
	if err != nil {
		return Identity{}, err
	}
	return Identity{ChainPEM: chain, KeyPEM: key}, nil
}

func (identity Identity) load() (tls.Certificate, error) {
	if block, _ := pem.Decode(identity.KeyPEM); block == nil || block.Type != "PRIVATE KEY" {
		return tls.Certificate{}, errors.New("identity: the key is not a PEM PKCS#8 private key")
	}
	certificate, err := tls.X509KeyPair(identity.ChainPEM, identity.KeyPEM)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("identity: %w", err)
	}
	return certificate, nil
}

// roots is stricter than CertPool.AppendCertsFromPEM, which passes over what it cannot parse.
func roots(data []byte) (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	for n := 1; ; n++ {
		var block *pem.Block
		block, data = pem.Decode(data)
		if block == nil {
			if n == 1 {
				return nil, errors.New("no PEM certificate")
			}
			return pool, nil
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("PEM block %d: %w", n, err)
		}
		pool.AddCert(certificate)
	}
}
