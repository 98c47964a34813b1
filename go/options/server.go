package options

import (
	"errors"
	"maps"
	"net/netip"
	"slices"
	"time"
)

const maxReceiveBytes = 1<<31 - 1

// A Server is what stock_server was asked for. Where Help or Version is set the rest means nothing.
type Server struct {
	Help, Version bool

	Host            string
	Port            uint16
	Security        string // plaintext, tls or mtls
	CertFile        string
	KeyFile         string
	ClientCAFile    string
	Grace           time.Duration
	MaxReceiveBytes int
	Conformance     bool
	Session         bool
}

// serverFlags are the raw values of the flags that need another look.
type serverFlags struct {
	Server

	port, maxReceive int64
	mode             string
	allowPlaintext   bool
}

var modes = []string{"none", "tls", "mtls", "disabled", "server", "manual"}

func (s *serverFlags) table() []flag {
	return []flag{
		{"host", "H", "address to bind (default 127.0.0.1)", text(&s.Host)},
		{"port", "N", "port to bind; 0 = any free one (default 50051)", integer(&s.port, 0, 65535)},
		{"tls-mode", "MODE", "none, tls or mtls (default none)", s.setMode},
		{"cert-file", "F", "the server's certificate chain, PEM", text(&s.CertFile)},
		{"key-file", "F", "the server's private key, PEM PKCS#8", text(&s.KeyFile)},
		{"client-ca-file", "F", "roots for client certificates, PEM; mtls", text(&s.ClientCAFile)},
		{"grace-seconds", "S", "time for running calls when the server drains (default 3)", seconds(&s.Grace)},
		{"max-receive-bytes", "N", "largest message read, after decompression (default 4194304)",
			integer(&s.maxReceive, 1, maxReceiveBytes)},
		{"allow-plaintext-network", "", "allow a host beyond loopback without TLS", yes(&s.allowPlaintext)},
		{"conformance", "", "obey the directives in request metadata", yes(&s.Conformance)},
		{"session", "", "be driven by frames on standard input and output", yes(&s.Session)},
		{"help", "", "print this and exit", yes(&s.Help)},
		{"version", "", "print the version and exit", yes(&s.Version)},
	}
}

func (s *serverFlags) setMode(value string) error {
	if !slices.Contains(modes, value) {
		return errors.New("none, tls or mtls")
	}
	s.mode = value
	return nil
}

// ServerUsage returns the usage of stock_server.
func ServerUsage() string {
	return "usage: stock_server [FLAGS]\n" + usage(new(serverFlags).table())
}

// ParseServer reads the command line of stock_server. Its error is a *UsageError.
func ParseServer(args []string) (Server, error) {
	s := &serverFlags{
		Server:     Server{Host: "127.0.0.1", Grace: 3 * time.Second},
		port:       50051,
		maxReceive: 4 << 20,
		mode:       "none",
	}
	parsed, err := parse(s.table(), args)
	if err != nil || s.Help || s.Version {
		return s.Server, err
	}
	if len(parsed.arguments) > 0 {
		return Server{}, usageErrorf("stray argument: %s", printable(parsed.arguments[0]))
	}
	if s.Session {
		return s.session(parsed)
	}
	if err := s.check(); err != nil {
		return Server{}, err
	}
	s.Port, s.MaxReceiveBytes = uint16(s.port), int(s.maxReceive)
	return s.Server, nil
}

// session is what is left of the options in a session.
func (s *serverFlags) session(parsed line) (Server, error) {
	if err := onlyWithSession(parsed, "conformance", "grace-seconds"); err != nil {
		return Server{}, err
	}
	return Server{Session: true, Conformance: true, Grace: s.Grace}, nil
}

// settleMode replaces the names that upstream gives to modes.
func (s *serverFlags) settleMode() {
	switch {
	case s.mode == "disabled":
		s.mode = "none"
	case (s.mode == "server" || s.mode == "manual") && s.ClientCAFile != "":
		s.mode = "mtls"
	case s.mode == "server" || s.mode == "manual":
		s.mode = "tls"
	}
}

// check finds contradictions and settles the security.
func (s *serverFlags) check() error {
	s.settleMode()
	files := []struct {
		flag, value string
		needed      bool
	}{
		{"cert-file", s.CertFile, s.mode != "none"},
		{"key-file", s.KeyFile, s.mode != "none"},
		{"client-ca-file", s.ClientCAFile, s.mode == "mtls"},
	}
	for _, file := range files {
		switch {
		case file.value != "" && !file.needed:
			return usageErrorf("--%s does not go with --tls-mode %s", file.flag, s.mode)
		case file.value == "" && file.needed:
			return usageErrorf("--tls-mode %s needs --%s", s.mode, file.flag)
		}
	}
	s.Security = s.mode
	if s.mode == "none" {
		s.Security = "plaintext"
		if !s.allowPlaintext && !loopback(s.Host) {
			return usageErrorf("--host %s without TLS needs --allow-plaintext-network", printable(s.Host))
		}
	}
	return nil
}

func loopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// onlyWithSession refuses the flags that make no sense in a session.
func onlyWithSession(parsed line, allowed ...string) error {
	for _, name := range slices.Sorted(maps.Keys(parsed.given)) {
		if name != "session" && !slices.Contains(allowed, name) {
			return usageErrorf("--session goes without --%s", name)
		}
	}
	return nil
}
