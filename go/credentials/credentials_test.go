package credentials

import (
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/credentials"

	"tofusoup.dev/stock/go/testcerts"
)

func issue(a *testcerts.Authority) Identity {
	chain, key := a.Issue()
	return Identity{ChainPEM: chain, KeyPEM: key}
}

// handshake runs both ends of a handshake and returns their errors.
func handshake(t *testing.T, server, client credentials.TransportCredentials) (serverErr, clientErr error) {
	t.Helper()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	ended := make(chan error, 1)
	go func() {
		raw, err := socket.Accept()
		if err == nil {
			_, _, err = server.ServerHandshake(raw)
			raw.Close()
		}
		ended <- err
	}()
	raw, err := net.Dial("tcp", socket.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, _, clientErr = client.ClientHandshake(ctx, socket.Addr().String(), raw)
	if clientErr != nil {
		raw.Close()
	}
	return <-ended, clientErr
}

func TestMutualHandshakeOfEachKeyType(t *testing.T) {
	for _, keyType := range testcerts.KeyTypes {
		authority := testcerts.Mint(t, keyType)
		server, err := Server(issue(authority), authority.RootsPEM())
		if err != nil {
			t.Fatalf("%s: %v", keyType, err)
		}
		own := issue(authority)
		for _, name := range []string{"", "localhost"} {
			client, err := Client(authority.RootsPEM(), &own, name)
			if err != nil {
				t.Fatalf("%s: %v", keyType, err)
			}
			if serverErr, clientErr := handshake(t, server, client); serverErr != nil || clientErr != nil {
				t.Errorf("%s, name %q: server %v, client %v", keyType, name, serverErr, clientErr)
			}
		}
	}
}

func TestHandshakeRefusals(t *testing.T) {
	ours, other := testcerts.Mint(t, "p256"), testcerts.Mint(t, "p256")
	stranger := issue(other)
	server, err := Server(issue(ours), ours.RootsPEM())
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		roots    []byte
		identity *Identity
		name     string
	}{
		"no certificate":      {ours.RootsPEM(), nil, ""},
		"foreign certificate": {ours.RootsPEM(), &stranger, ""},
		"unknown authority":   {other.RootsPEM(), nil, ""},
		"wrong name":          {ours.RootsPEM(), nil, "example.org"},
		"system's roots":      {nil, nil, ""},
	}
	for name, test := range tests {
		client, err := Client(test.roots, test.identity, test.name)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if serverErr, _ := handshake(t, server, client); serverErr == nil {
			t.Errorf("%s: the server is content", name)
		}
	}
}

func TestPeerWithoutHTTP2IsRefused(t *testing.T) {
	authority := testcerts.Mint(t, "p256")
	server, err := Server(issue(authority), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, protocols := range [][]string{nil, {"http/1.1"}} {
		ours, theirs := connect(t)
		ended := make(chan error, 1)
		go func() {
			_, _, err := server.ServerHandshake(ours)
			ours.Close()
			ended <- err
		}()
		// What matters is the server's judgement, not what the client makes of it.
		_ = tls.Client(theirs, &tls.Config{InsecureSkipVerify: true, NextProtos: protocols}).Handshake()
		theirs.Close()
		if err := <-ended; err == nil || !strings.Contains(err.Error(), "ALPN") {
			t.Errorf("%v: error %v, expected ALPN", protocols, err)
		}
	}
}

// connect returns the ends of a connection over loopback: net.Pipe has no buffer, so that two ends that
// write at once, as they do where a handshake fails, would wait for each other.
func connect(t *testing.T) (server, client net.Conn) {
	t.Helper()
	listening, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listening.Close()
	if client, err = net.Dial("tcp", listening.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if server, err = listening.Accept(); err != nil {
		t.Fatal(err)
	}
	return server, client
}

func TestUnusableMaterialIsRefused(t *testing.T) {
	authority := testcerts.Mint(t, "p256")
	good, foreign := issue(authority), issue(authority)
	broken := bytes.Replace(authority.RootsPEM(), []byte("MII"), []byte("AAA"), 1)
	tests := map[string]struct {
		identity Identity
		roots    []byte
		expected string
	}{
		"nothing":          {Identity{}, nil, "not a PEM PKCS#8 private key"},
		"no chain":         {Identity{KeyPEM: good.KeyPEM}, nil, "certificate"},
		"not PEM":          {Identity{ChainPEM: []byte("x"), KeyPEM: []byte("x")}, nil, "not a PEM PKCS#8 private key"},
		"another's key":    {Identity{ChainPEM: good.ChainPEM, KeyPEM: foreign.KeyPEM}, nil, "does not match"},
		"key as the chain": {Identity{ChainPEM: good.KeyPEM, KeyPEM: good.KeyPEM}, nil, "certificate"},
		"no roots":         {good, []byte{}, "client roots: no PEM certificate"},
		"roots not PEM":    {good, []byte("x"), "client roots: no PEM certificate"},
		"one broken root":  {good, append(authority.RootsPEM(), broken...), "client roots: PEM block 2"},
		"a key for a root": {good, good.KeyPEM, "client roots: PEM block 1"},
	}
	for name, test := range tests {
		_, err := Server(test.identity, test.roots)
		if err == nil || !strings.Contains(err.Error(), test.expected) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v, expected one line with %q", name, err, test.expected)
		}
		if _, err := Client(test.roots, &test.identity, ""); err == nil {
			t.Errorf("%s: a client is content", name)
		}
	}
}

func TestReadFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "chain.pem")
	if _, err := ReadFile(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v of a missing file, expected its name", err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadIdentity(path, path); err == nil || err.Error() != path+": empty" {
		t.Errorf("error %v of an empty file", err)
	}
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if content, err := ReadFile(path); err != nil || string(content) != "x" {
		t.Errorf("%q, %v", content, err)
	}
	if _, err := ReadFile(filepath.Dir(path)); err == nil {
		t.Error("no error of a directory")
	}
}
