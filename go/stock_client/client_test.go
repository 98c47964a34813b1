package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tofusoup.dev/stock/go/about"
	"tofusoup.dev/stock/go/credentials"
	"tofusoup.dev/stock/go/listener"
	"tofusoup.dev/stock/go/options"
	"tofusoup.dev/stock/go/store"
	"tofusoup.dev/stock/go/testcerts"
)

const patience = 10 * time.Second // for what must happen

// serve serves until the test ends and returns the endpoint.
func serve(t *testing.T, config listener.Config) string {
	t.Helper()
	config.Host, config.Stores, config.Log = "127.0.0.1", store.NewStores(), slog.New(slog.DiscardHandler)
	l, err := listener.Listen(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 0)
		defer cancel()
		l.Drain(ctx)
	})
	return l.Address().String()
}

// execute runs Main to its end.
func execute(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	code = Main(ctx, args, strings.NewReader(stdin), &out, &err)
	return code, out.String(), err.String()
}

func TestOperations(t *testing.T) {
	server := serve(t, listener.Config{Security: "plaintext"})
	tests := []struct {
		args   []string
		stdin  string
		code   int
		stdout string
		stderr string
	}{
		{args: []string{"get", "k"}, code: 69, stderr: "NOT_FOUND: key not found: k\n"},
		{args: []string{"put", "k", "v\n"}, stdout: "OK\n"},
		{args: []string{"get", "k"}, stdout: "v\n\n"},
		{args: []string{"put", "-5", "-"}, stdin: "\x00\xff", stdout: "OK\n"},
		{args: []string{"kv-get", "-5"}, stdout: "\x00\xff\n"},
		{args: []string{"kv-put", "k", ""}, stdout: "OK\n"},
		{args: []string{"get", "k"}, stdout: "\n"},
		{args: []string{"delete", "k"}, stdout: "OK\n"},
		{args: []string{"delete", "k"}, code: 69, stderr: "NOT_FOUND: key not found: k\n"},
		{args: []string{"get", ""}, code: 67, stderr: "INVALID_ARGUMENT: invalid key: 1 to 1024 bytes of UTF-8 without NUL\n"},
		{args: []string{"batch", "a=1", "=2", "b=3=3"}, stdout: "total=3 successful=2 failed=1 bytes=4\n"},
		{args: []string{"batch"}, stdin: "a=1\n\n \nb=\xff", stdout: "total=2 successful=2 failed=0 bytes=2\n"},
		{args: []string{"batch"}, stdout: "total=0 successful=0 failed=0 bytes=0\n"},
		{
			args:   []string{"trade", "buy:a\tb:5", "sell:a\tb:6", "query:a\tb", "query:"},
			stdout: "ok\ta\\tb\t5\tbought\nrejected\ta\\tb\t0\tinsufficient position: have 5, want 6\nok\ta\\tb\t5\tposition\nrejected\t\t0\tinvalid symbol\n",
		},
		{args: []string{"health"}, stdout: "SERVING\n"},
		{args: []string{"health", "proto.KV"}, stdout: "SERVING\n"},
		{args: []string{"health", "nobody"}, code: 69, stderr: "NOT_FOUND: unknown service\n"},
	}
	for _, test := range tests {
		code, stdout, stderr := execute(t, test.stdin, append(test.args, "--server", server)...)
		if code != test.code || stdout != test.stdout || stderr != test.stderr {
			t.Errorf("%q: %d %q %q, expected %d %q %q", test.args, code, stdout, stderr, test.code, test.stdout, test.stderr)
		}
	}
}

func TestDeadline(t *testing.T) {
	server := serve(t, listener.Config{Security: "plaintext"})
	code, stdout, stderr := execute(t, "", "monitor", "--timeout-seconds", "0.05", "--server", server)
	// Client or server may be the one that ends it, which grpc-go tells in the message.
	if code != 68 || stdout != "" || !strings.HasPrefix(stderr, "DEADLINE_EXCEEDED: ") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("%d %q %q, expected 68, nothing and a line of DEADLINE_EXCEEDED", code, stdout, stderr)
	}
}

func TestInventory(t *testing.T) {
	server := serve(t, listener.Config{Security: "plaintext"})
	code, stdout, _ := execute(t, "", "inventory", "--server", server)
	expected := strings.Join([]string{
		"items=0", "bytes=0", "uptime_seconds=0", "server_version=" + about.Version, "metadata.language=go",
		"metadata.library=" + about.Library, "metadata.runtime=" + about.Runtime(), "metadata.security=plaintext",
		"metadata.tls_stack=crypto/tls", "metadata.transport=grpc-go", "",
	}, "\n")
	if code != 0 || stdout != expected {
		t.Errorf("exit %d, %q; expected %q", code, stdout, expected)
	}
}

func TestMonitorPrintsCountEvents(t *testing.T) {
	server := serve(t, listener.Config{Security: "plaintext"})
	lines, ended := startMonitor(t, "a*", "--count", "2", "--server", server)
	for range 2 {
		line := putUntil(t, server, "a\t", lines)
		if _, rest, _ := strings.Cut(line, "\t"); rest != "PUT\ta\\t\tv" {
			t.Errorf("line %q", line)
		}
	}
	wantExit(t, ended, options.ExitOK)
}

// putUntil puts until a monitor prints a line: only then it is known to have begun.
func putUntil(t *testing.T, server, key string, lines <-chan string) string {
	t.Helper()
	for {
		if code, _, stderr := execute(t, "", "put", key, "v", "--server", server); code != 0 {
			t.Fatal(stderr)
		}
		select {
		case line := <-lines:
			return line
		default:
		}
	}
}

func wantExit(t *testing.T, ended <-chan int, expected int) {
	t.Helper()
	select {
	case code := <-ended:
		if code != expected {
			t.Errorf("exit %d, expected %d", code, expected)
		}
	case <-time.After(patience):
		t.Fatal("the program goes on")
	}
}

// startMonitor runs monitor without a deadline.
func startMonitor(t *testing.T, args ...string) (<-chan string, <-chan int) {
	t.Helper()
	out, stdout := io.Pipe()
	lines, ended := make(chan string, 1000), make(chan int, 1)
	go func() {
		args := append([]string{"monitor", "--timeout-seconds", "0"}, args...)
		ended <- Main(t.Context(), args, strings.NewReader(""), stdout, t.Output())
		stdout.Close()
	}()
	go func() {
		for scanner := bufio.NewScanner(out); scanner.Scan(); {
			lines <- scanner.Text()
		}
	}()
	return lines, ended
}

func TestInterruptIsExit130(t *testing.T) {
	server := serve(t, listener.Config{Security: "plaintext"})
	lines, monitored := startMonitor(t, "--server", server)
	putUntil(t, server, "k", lines)
	stdin, hold := io.Pipe() // an input that never ends
	defer hold.Close()
	reading := make(chan int, 1)
	go func() { reading <- Main(t.Context(), []string{"put", "k", "-"}, stdin, io.Discard, t.Output()) }()
	if _, err := hold.Write([]byte("v")); err != nil { // it reads
		t.Fatal(err)
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	wantExit(t, monitored, options.ExitInterrupted)
	wantExit(t, reading, options.ExitInterrupted)
}

func TestFailures(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	tests := []struct {
		args   []string
		stdin  string
		code   int
		reason string
	}{
		{args: []string{"get", "k", "--server", closed.Addr().String()}, code: 78, reason: "UNAVAILABLE: "},
		{args: []string{"get", "k", "--tls", "--ca-file", "missing.pem"}, code: 2, reason: "open missing.pem: "},
		{args: []string{"get"}, code: 2, reason: "get needs KEY\nusage: "},
		{args: []string{"batch"}, stdin: "a=1\nb\n", code: 2, reason: "batch: \"b\" given, KEY=VALUE expected\nusage: "},
		{args: []string{"batch", "\xff=1"}, code: 2, reason: "batch: "},
		{args: []string{"trade", "buy:a"}, code: 2, reason: "trade: "},
	}
	for _, test := range tests {
		code, stdout, stderr := execute(t, test.stdin, test.args...)
		if code != test.code || stdout != "" || !strings.HasPrefix(stderr, test.reason) {
			t.Errorf("%q: %d %q %q, expected %d %q", test.args, code, stdout, stderr, test.code, test.reason)
		}
	}
}

func TestMutualTLS(t *testing.T) {
	authority := testcerts.Mint(t, "p521")
	chain, key := authority.Issue()
	material, err := credentials.Server(credentials.Identity{ChainPEM: chain, KeyPEM: key}, authority.RootsPEM())
	if err != nil {
		t.Fatal(err)
	}
	server := serve(t, listener.Config{Security: "mtls", Credentials: material})
	dir := t.TempDir()
	for name, content := range map[string][]byte{"chain.pem": chain, "key.pem": key, "roots.pem": authority.RootsPEM()} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"put", "k", "v", "--server", server, "--tls", "--ca-file", filepath.Join(dir, "roots.pem")}
	if code, _, stderr := execute(t, "", args...); code != 78 {
		t.Errorf("exit %d, %q without an identity, expected 78", code, stderr)
	}
	args = append(args, "--cert-file", filepath.Join(dir, "chain.pem"), "--key-file", filepath.Join(dir, "key.pem"))
	for _, more := range [][]string{nil, {"--server-name", "localhost"}} {
		if code, _, stderr := execute(t, "", append(args, more...)...); code != 0 {
			t.Errorf("%v: exit %d, %q", more, code, stderr)
		}
	}
	if code, _, _ := execute(t, "", append(args, "--server-name", "example.org")...); code != 78 {
		t.Errorf("exit %d of a wrong name, expected 78", code)
	}
}

func TestPrints(t *testing.T) {
	if code, stdout, _ := execute(t, "", "--version"); code != 0 || stdout != "stock_client "+about.Version+" go "+about.Library+"\n" {
		t.Errorf("exit %d, output %q", code, stdout)
	}
	if code, stdout, _ := execute(t, "", "--help"); code != 0 || !strings.HasPrefix(stdout, "usage: stock_client") {
		t.Errorf("exit %d, output %q", code, stdout)
	}
}

func TestEndOfInputEndsASession(t *testing.T) {
	if code, stdout, _ := execute(t, "", "--session"); code != 0 || !strings.Contains(stdout, about.Library) {
		t.Errorf("exit %d, output %q; expected 0 and Hello", code, stdout)
	}
	if code, _, stderr := execute(t, "\x00", "--session"); code != options.ExitInternal || strings.Count(stderr, "\n") != 1 {
		t.Errorf("exit %d, error %q; expected 4 and one line", code, stderr)
	}
}

// full is an output that takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

func TestWhatCannotBePrintedIsAnInternalFault(t *testing.T) {
	server := serve(t, listener.Config{Security: "plaintext"})
	for _, args := range [][]string{{"--help"}, {"--version"}, {"put", "k", "v", "--server", server}} {
		var stderr bytes.Buffer
		code := Main(t.Context(), args, strings.NewReader(""), full{}, &stderr)
		if code != options.ExitInternal || stderr.String() != "no space left on device\n" {
			t.Errorf("%v: %d, %q; expected %d and the reason", args, code, stderr.String(), options.ExitInternal)
		}
	}
}
