package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"tofusoup.dev/stock/go/about"
	"tofusoup.dev/stock/go/options"
	"tofusoup.dev/stock/go/stockpb"
	"tofusoup.dev/stock/go/testcerts"
)

const patience = 10 * time.Second // for what must happen

// A program is a running Main.
type program struct {
	t      *testing.T
	stdout *bufio.Reader
	drain  context.CancelFunc // stands for a first signal
	code   chan int
}

func start(t *testing.T, args ...string) *program {
	t.Helper()
	out, stdout := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	p := &program{t: t, stdout: bufio.NewReader(out), drain: cancel, code: make(chan int, 1)}
	go func() {
		p.code <- Main(ctx, args, strings.NewReader(""), stdout, t.Output())
		stdout.Close()
	}()
	return p
}

// endpoint reads the ready line.
func (p *program) endpoint() string {
	p.t.Helper()
	line, err := p.stdout.ReadString('\n')
	endpoint, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "Server listening on ")
	if err != nil || !ok {
		p.t.Fatalf("%q, %v; expected the ready line", line, err)
	}
	return endpoint
}

// wait returns the exit code, and holds that nothing else was printed.
func (p *program) wait() int {
	p.t.Helper()
	select {
	case code := <-p.code:
		if rest, err := io.ReadAll(p.stdout); err != nil || len(rest) > 0 {
			p.t.Errorf("%q, %v on standard output after the ready line", rest, err)
		}
		return code
	case <-time.After(patience):
		p.t.Fatal("the program does not end")
	}
	return -1
}

// run runs Main to its end.
func run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	code = Main(ctx, args, strings.NewReader(""), &out, &err)
	return code, out.String(), err.String()
}

func TestServesUntilDrained(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "::1", "localhost"} {
		p := start(t, "--host", host, "--port", "0")
		endpoint := p.endpoint()
		if literal, _, _ := net.SplitHostPort(endpoint); net.ParseIP(literal) == nil {
			t.Errorf("%s: endpoint %s, expected a literal address", host, endpoint)
		}
		conn, err := grpc.NewClient("passthrough:///"+endpoint,
			grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithNoProxy())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := stockpb.NewStockClient(conn).Put(t.Context(), &stockpb.PutRequest{Key: "k"}); err != nil {
			t.Errorf("%s: %v", host, err)
		}
		p.drain()
		if code := p.wait(); code != options.ExitOK {
			t.Errorf("%s: exit %d, expected 0", host, code)
		}
		conn.Close()
	}
}

func TestSignalsDrainAndASecondOneEnds(t *testing.T) {
	p := start(t, "--port", "0", "--grace-seconds", "60")
	endpoint := p.endpoint()
	conn, err := grpc.NewClient("passthrough:///"+endpoint,
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithNoProxy())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	trade, err := stockpb.NewStockClient(conn).Trade(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := trade.Send(&stockpb.TradeOrder{Symbol: "acme", Quantity: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := trade.Recv(); err != nil {
		t.Fatal(err)
	}
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		if err := syscall.Kill(os.Getpid(), signal); err != nil {
			t.Fatal(err)
		}
	}
	if code := p.wait(); code != options.ExitOK {
		t.Errorf("exit %d, expected 0", code)
	}
}

func TestEndOfInputEndsASession(t *testing.T) {
	code, stdout, _ := run(t, "--session")
	if code != options.ExitOK || !strings.Contains(stdout, about.Library) {
		t.Errorf("exit %d, output %q; expected 0 and Hello", code, stdout)
	}
}

func TestPrints(t *testing.T) {
	if code, stdout, _ := run(t, "--version"); code != 0 || stdout != "stock_server "+about.Version+" go "+about.Library+"\n" {
		t.Errorf("exit %d, output %q", code, stdout)
	}
	if code, stdout, _ := run(t, "--help"); code != 0 || !strings.HasPrefix(stdout, "usage: stock_server") {
		t.Errorf("exit %d, output %q", code, stdout)
	}
	code, stdout, stderr := run(t, "--bogus")
	if code != options.ExitUsage || stdout != "" || !strings.HasPrefix(stderr, "unknown flag: --bogus\nusage: ") {
		t.Errorf("exit %d, output %q, error %q", code, stdout, stderr)
	}
}

func TestWhatCannotBeBoundIsExit3(t *testing.T) {
	p := start(t, "--port", "0")
	endpoint := p.endpoint()
	_, port, _ := net.SplitHostPort(endpoint)
	for _, args := range [][]string{{"--port", port}, {"--port", "0", "--host", "192.0.2.1", "--allow-plaintext-network"}} {
		code, stdout, stderr := run(t, args...)
		if code != options.ExitCannotBind || stdout != "" || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: exit %d, output %q, error %q; expected 3 and one line", args, code, stdout, stderr)
		}
	}
	p.drain()
	if code := p.wait(); code != options.ExitOK {
		t.Errorf("exit %d", code)
	}
}

func TestUnusableFilesAreExit2(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	authority := testcerts.Mint(t, "p256")
	chain, key := authority.Issue()
	_, otherKey := authority.Issue()
	good, goodKey := write("chain.pem", chain), write("key.pem", key)
	other, empty := write("other.pem", otherKey), write("empty.pem", nil)
	tests := [][]string{
		{"--tls-mode", "tls", "--cert-file", good, "--key-file", filepath.Join(dir, "missing.pem")},
		{"--tls-mode", "tls", "--cert-file", good, "--key-file", other},
		{"--tls-mode", "tls", "--cert-file", empty, "--key-file", goodKey},
		{"--tls-mode", "tls", "--cert-file", goodKey, "--key-file", good},
		{"--tls-mode", "mtls", "--cert-file", good, "--key-file", goodKey, "--client-ca-file", goodKey},
		{"--tls-mode", "mtls", "--cert-file", good, "--key-file", goodKey, "--client-ca-file", dir},
	}
	for _, args := range tests {
		code, stdout, stderr := run(t, append(args, "--port", "0")...)
		if code != options.ExitUsage || stdout != "" || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: exit %d, output %q, error %q; expected 2 and one line", args, code, stdout, stderr)
		}
	}
	p := start(t, "--port", "0", "--tls-mode", "manual", "--cert-file", good, "--key-file", goodKey)
	p.endpoint()
	p.drain()
	if code := p.wait(); code != options.ExitOK {
		t.Errorf("exit %d of good files", code)
	}
}

// full is an output that takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

func TestWhatCannotBePrintedIsAnInternalFault(t *testing.T) {
	for _, arg := range []string{"--help", "--version", "--port=0"} {
		var stderr bytes.Buffer
		code := Main(t.Context(), []string{arg}, strings.NewReader(""), full{}, &stderr)
		if code != options.ExitInternal || stderr.String() != "no space left on device\n" {
			t.Errorf("%s: %d, %q; expected %d and the reason", arg, code, stderr.String(), options.ExitInternal)
		}
	}
}
