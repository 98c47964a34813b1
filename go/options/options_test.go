package options

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParseServer(t *testing.T) {
	plain := Server{
		Host: "127.0.0.1", Port: 50051, Security: "plaintext", Grace: 3 * time.Second, MaxReceiveBytes: 4194304,
	}
	with := func(change func(*Server)) Server {
		changed := plain
		change(&changed)
		return changed
	}
	files := "--cert-file c --key-file=k "
	tests := map[string]Server{
		"":                                      plain,
		"--port 0":                              with(func(s *Server) { s.Port = 0 }),
		"--port=1 --port 65535":                 with(func(s *Server) { s.Port = 65535 }),
		"--host localhost --conformance":        with(func(s *Server) { s.Host, s.Conformance = "localhost", true }),
		"--host ::1 --grace-seconds 0":          with(func(s *Server) { s.Host, s.Grace = "::1", 0 }),
		"--host 127.9.9.9 --grace-seconds=0.25": with(func(s *Server) { s.Host, s.Grace = "127.9.9.9", 250*time.Millisecond }),
		"--host 0.0.0.0 --allow-plaintext-network":  with(func(s *Server) { s.Host = "0.0.0.0" }),
		"--max-receive-bytes 1":                     with(func(s *Server) { s.MaxReceiveBytes = 1 }),
		"--tls-mode disabled":                       plain,
		"--help":                                    {Help: true, Host: "127.0.0.1", Grace: 3 * time.Second},
		"--session --grace-seconds 1 --conformance": {Session: true, Conformance: true, Grace: time.Second},
		files + "--tls-mode tls --host 0.0.0.0": with(func(s *Server) {
			s.Security, s.CertFile, s.KeyFile, s.Host = "tls", "c", "k", "0.0.0.0"
		}),
		files + "--tls-mode manual": with(func(s *Server) { s.Security, s.CertFile, s.KeyFile = "tls", "c", "k" }),
		files + "--tls-mode server --client-ca-file r": with(func(s *Server) {
			s.Security, s.CertFile, s.KeyFile, s.ClientCAFile = "mtls", "c", "k", "r"
		}),
	}
	for line, expected := range tests {
		got, err := ParseServer(strings.Fields(line))
		if err != nil || got != expected {
			t.Errorf("%q: %+v, %v; expected %+v", line, got, err, expected)
		}
	}
}

func TestServerUsageErrorsNameTheCulprit(t *testing.T) {
	tests := map[string]string{
		"--bogus":                      "unknown flag: --bogus",
		"--por 1":                      "unknown flag: --por",
		"--port":                       "--port needs a value",
		"--port=":                      `--port: "" given`,
		"--port 65536":                 `--port: "65536" given`,
		"--port +1":                    `--port: "+1" given`,
		"--port 1_0":                   `--port: "1_0" given`,
		"--port x --port 1":            `--port: "x" given`,
		"--host=":                      `--host: "" given`,
		"--conformance=true":           "--conformance takes no value",
		"--grace-seconds 1e3":          `--grace-seconds: "1e3" given`,
		"--grace-seconds -1":           `--grace-seconds: "-1" given`,
		"--grace-seconds 1.":           `--grace-seconds: "1." given`,
		"--grace-seconds inf":          `--grace-seconds: "inf" given`,
		"--max-receive-bytes 0":        "--max-receive-bytes",
		"-5":                           "stray argument: -5",
		"-- --port":                    "stray argument: --port",
		"--tls-mode ssl":               "--tls-mode",
		"--cert-file c":                "--cert-file does not go with --tls-mode none",
		"--tls-mode tls --cert-file c": "--tls-mode tls needs --key-file",
		"--tls-mode mtls --cert-file c --key-file k":                   "--tls-mode mtls needs --client-ca-file",
		"--tls-mode tls --cert-file c --key-file k --client-ca-file r": "--client-ca-file does not go with --tls-mode tls",
		"--host 192.0.2.1":          "--allow-plaintext-network",
		"--host localhost.":         "--allow-plaintext-network",
		"--session --port 0":        "--session goes without --port",
		"--tls-mode none --session": "--session goes without --tls-mode",
	}
	for line, expected := range tests {
		_, err := ParseServer(strings.Fields(line))
		wantUsageError(t, line, err, expected)
	}
}

func TestParseClient(t *testing.T) {
	plain := Client{Server: "127.0.0.1:50051", Timeout: 5 * time.Second, MaxReceiveBytes: 4194304}
	tests := []struct {
		line      string
		operation string
		arguments string
		change    func(*Client)
	}{
		{"get k", "get", "k", nil},
		{"get -5", "get", "-5", nil},
		{"put - -", "put", "- -", nil},
		{"put -- --k --v", "put", "--k --v", nil},
		{"put k --timeout-seconds 0.5 v", "put", "k v", func(c *Client) { c.Timeout = time.Second / 2 }},
		{"--timeout-seconds=0 inventory", "inventory", "", func(c *Client) { c.Timeout = 0 }},
		{"monitor --count 3", "monitor", "", func(c *Client) { c.Count = 3 }},
		{"batch", "batch", "", nil},
		{"health --server [::1]:1", "health", "", func(c *Client) { c.Server = "[::1]:1" }},
		{"kv-get k --server my-host.x:65535", "kv-get", "k", func(c *Client) { c.Server = "my-host.x:65535" }},
		{"get k --tls --ca-file a --cert-file b --key-file c --server-name d", "get", "k", func(c *Client) {
			c.TLS, c.CAFile, c.CertFile, c.KeyFile, c.ServerName = true, "a", "b", "c", "d"
		}},
	}
	for _, test := range tests {
		expected := plain
		expected.Operation = test.operation
		if test.change != nil {
			test.change(&expected)
		}
		got, err := ParseClient(strings.Fields(test.line))
		arguments := strings.Join(got.Arguments, " ")
		got.Arguments = nil
		if err != nil || arguments != test.arguments || !reflect.DeepEqual(got, expected) {
			t.Errorf("%q: %+v %q, %v; expected %+v %q", test.line, got, arguments, err, expected, test.arguments)
		}
	}
}

func TestClientUsageErrorsNameTheCulprit(t *testing.T) {
	tests := map[string]string{
		"":                              "an operation is needed",
		"fetch k":                       "unknown operation: fetch",
		"get":                           "get needs KEY",
		"get k l":                       "stray argument: l",
		"get \xff":                      "UTF-8 expected",
		"get k --count 1":               "--count does not go with get",
		"get k --ca-file f":             "--ca-file needs --tls",
		"get k --server-name n":         "--server-name needs --tls",
		"get k --tls --cert-file f":     "--cert-file needs --key-file",
		"get k --tls --key-file f":      "--key-file needs --cert-file",
		"get k --server h":              "--server",
		"get k --server :1":             "--server",
		"get k --server h:0":            "--server",
		"get k --server h:http":         "--server",
		"get k --server ::1:1":          "--server",
		"get k --server [h]:1":          "--server",
		"get k --server dns:///h:1":     "--server",
		"--session get":                 "--session goes without an operation: get",
		"--session --timeout-seconds 1": "--session goes without --timeout-seconds",
		"get k --timeout-seconds 1,5":   "--timeout-seconds",
	}
	for line, expected := range tests {
		_, err := ParseClient(strings.Fields(line))
		wantUsageError(t, line, err, expected)
	}
}

func TestParseItemAndOrder(t *testing.T) {
	if key, value, err := ParseItem("k=v=\xff"); key != "k" || value != "v=\xff" || err != nil {
		t.Errorf("%q %q %v", key, value, err)
	}
	for _, argument := range []string{"k", "\xff=v"} {
		_, _, err := ParseItem(argument)
		wantUsageError(t, argument, err, "batch: ")
	}
	orders := map[string]Order{
		"buy:acme:5": {"buy", "acme", 5},
		"sell::-1":   {"sell", "", -1},
		"query:acme": {"query", "acme", 0},
	}
	for argument, expected := range orders {
		if got, err := ParseOrder(argument); err != nil || got != expected {
			t.Errorf("%q: %v, %v; expected %v", argument, got, err, expected)
		}
	}
	for _, argument := range []string{"", "buy", "buy:acme", "buy:acme:", "buy:acme:+5", "buy:acme:2147483648", "hold:acme:1", "query", "buy:\xff:1"} {
		_, err := ParseOrder(argument)
		wantUsageError(t, argument, err, "trade: ")
	}
}

func TestUsageNamesEveryFlag(t *testing.T) {
	for _, f := range new(serverFlags).table() {
		if !strings.Contains(ServerUsage(), "--"+f.name) {
			t.Errorf("--%s is not in the usage", f.name)
		}
	}
	for _, name := range []string{"--count", "kv-put", "monitor", "--server-name"} {
		if !strings.Contains(ClientUsage(), name) {
			t.Errorf("%s is not in the usage", name)
		}
	}
}

// FuzzParse holds that no command line breaks the parsers, and that what they refuse is one line.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "get k", "--port 0", "--help", "--", "---", "--=", "--port=1\x00--port", "put - -5 --tls", "trade buy:a:1",
		"get \xff", "--server [::1]:1 get k", "--grace-seconds 999999999.999999999", "--session",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, words string) {
		args := strings.Split(words, " ")
		server, err := ParseServer(args)
		checkRefusal(t, err)
		if err == nil && (server.Grace < 0 || server.MaxReceiveBytes < 0) {
			t.Errorf("%+v", server)
		}
		client, err := ParseClient(args)
		checkRefusal(t, err)
		if err == nil && client.Timeout < 0 {
			t.Errorf("%+v", client)
		}
		for _, argument := range args {
			_, err := ParseOrder(argument)
			checkRefusal(t, err)
		}
	})
}

func checkRefusal(t *testing.T, err error) {
	t.Helper()
	var usage *UsageError
	if err != nil && (!errors.As(err, &usage) || strings.ContainsAny(err.Error(), "\n\r") || err.Error() == "") {
		t.Errorf("error %q, expected one line of a UsageError", err)
	}
}

func wantUsageError(t *testing.T, line string, err error, expected string) {
	t.Helper()
	var usage *UsageError
	if !errors.As(err, &usage) || !strings.Contains(err.Error(), expected) {
		t.Errorf("%q: error %v, expected %q in a UsageError", line, err, expected)
	}
}
