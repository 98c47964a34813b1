package listener

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"tofusoup.dev/stock/go/credentials"
	"tofusoup.dev/stock/go/directive"
	"tofusoup.dev/stock/go/sessionpb"
	"tofusoup.dev/stock/go/stockpb"
	"tofusoup.dev/stock/go/store"
	"tofusoup.dev/stock/go/testcerts"
)

const patience = 10 * time.Second // for what must happen

// open serves in conformance mode and returns a connection of its own.
func open(t *testing.T, config Config) (*Listener, *grpc.ClientConn) {
	t.Helper()
	if config.Host == "" {
		config.Host = "127.0.0.1"
	}
	config.Stores = store.NewStores()
	if config.Log == nil {
		config.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	config.Director = directive.New(config.Stores, config.Log, nil)
	l, err := Listen(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { drainWithin(t, l, 0) })
	conn, err := grpc.NewClient("passthrough:///"+l.Address().String(),
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithNoProxy())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return l, conn
}

// drainWithin drains with a grace and returns how long that took.
func drainWithin(t *testing.T, l *Listener, grace time.Duration) time.Duration {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	started := time.Now()
	l.Drain(ctx)
	return time.Since(started)
}

func deadline(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

func wantShuttingDown(t *testing.T, what string, err error) {
	t.Helper()
	if got := status.Convert(err); got.Code() != codes.Unavailable || got.Message() != "server shutting down" {
		t.Errorf("%s ended with %v, expected UNAVAILABLE server shutting down", what, err)
	}
}

func dial(t *testing.T, l *Listener) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", l.Address().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// ownLoopback is a loopback address of the test's own: no other program gets a port there that it gave up.
func ownLoopback() string {
	return fmt.Sprintf("127.%d.%d.77", rand.IntN(256), rand.IntN(256))
}

func TestTakenPortIsAnError(t *testing.T) {
	host := ownLoopback()
	l, _ := open(t, Config{Host: host})
	if _, err := Listen(Config{Host: host, Port: l.Address().Port()}); err == nil {
		t.Fatal("no error of a taken port")
	}
	drainWithin(t, l, 0)
	again, err := Listen(Config{Host: host, Port: l.Address().Port(), Log: slog.Default()})
	if err != nil {
		t.Fatalf("the port of a drained listener: %v", err)
	}
	drainWithin(t, again, 0)
}

// lines is a log that a test can wait for.
type lines chan string

func (l lines) Write(line []byte) (int, error) {
	l <- string(line)
	return len(line), nil
}

// one waits for a line and holds that there is no other one.
func (l lines) one(t *testing.T, expected string) {
	t.Helper()
	select {
	case line := <-l:
		if !strings.Contains(line, expected) || strings.Count(line, "\n") != 1 || len(l) > 0 {
			t.Errorf("log %q and %d more, expected one line with %q", line, len(l), expected)
		}
	case <-time.After(patience):
		t.Errorf("no log, expected %q", expected)
	}
}

func TestPanicIsInternalAndOneLineOfLog(t *testing.T) {
	log := make(lines, 10)
	_, conn := open(t, Config{Log: slog.New(slog.NewTextHandler(log, nil))})
	value, err := proto.Marshal(&sessionpb.Directive{Throw: true})
	if err != nil {
		t.Fatal(err)
	}
	ctx := metadata.AppendToOutgoingContext(deadline(t), "stock-directive-bin", string(value))
	_, err = stockpb.NewStockClient(conn).Get(ctx, &stockpb.GetRequest{Key: "k"})
	if got := status.Convert(err); got.Code() != codes.Internal || got.Message() != "the handler failed" {
		t.Errorf("error %v, expected INTERNAL", err)
	}
	log.one(t, "directive.") // where it was
}

func TestFailedHandshakeIsOneLineOfLog(t *testing.T) {
	authority := testcerts.Mint(t, "p256")
	chain, key := authority.Issue()
	material, err := credentials.Server(credentials.Identity{ChainPEM: chain, KeyPEM: key}, nil)
	if err != nil {
		t.Fatal(err)
	}
	log := make(lines, 10)
	l, _ := open(t, Config{Credentials: material, Security: "tls", Log: slog.New(slog.NewTextHandler(log, nil))})
	conn := dial(t, l)
	if _, err := io.WriteString(conn, "this is no handshake\n"); err != nil {
		t.Fatal(err)
	}
	log.one(t, "handshake failed")
}
