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
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
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

func TestDrainEndsStreamsWithoutAnEnd(t *testing.T) {
	l, conn := open(t, Config{})
	ctx := deadline(t)
	monitor, err := stockpb.NewStockClient(conn).Monitor(ctx, &stockpb.WatchRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := monitor.Header(); err != nil {
		t.Fatal(err)
	}
	reflection, err := reflectionpb.NewServerReflectionClient(conn).ServerReflectionInfo(ctx)
	if err != nil {
		t.Fatal(err)
	}
	list := &reflectionpb.ServerReflectionRequest_ListServices{}
	if err := reflection.Send(&reflectionpb.ServerReflectionRequest{MessageRequest: list}); err != nil {
		t.Fatal(err)
	}
	if _, err := reflection.Recv(); err != nil {
		t.Fatal(err)
	}
	health := healthpb.NewHealthClient(conn)
	known, unknown := watch(t, health, "proto.KV"), watch(t, health, "nobody")
	expectHealth(t, known, healthpb.HealthCheckResponse_SERVING)
	expectHealth(t, unknown, healthpb.HealthCheckResponse_SERVICE_UNKNOWN)
	if took := drainWithin(t, l, time.Minute); took > patience {
		t.Errorf("the drain took %v", took)
	}
	_, err = monitor.Recv()
	wantShuttingDown(t, "Monitor", err)
	_, err = reflection.Recv()
	wantShuttingDown(t, "reflection", err)
	expectHealth(t, known, healthpb.HealthCheckResponse_NOT_SERVING)
	_, err = known.Recv()
	wantShuttingDown(t, "Watch", err)
	_, err = unknown.Recv()
	wantShuttingDown(t, "Watch of an unknown service", err)
}

func watch(t *testing.T, client healthpb.HealthClient, service string) grpc.ServerStreamingClient[healthpb.HealthCheckResponse] {
	t.Helper()
	stream, err := client.Watch(deadline(t), &healthpb.HealthCheckRequest{Service: service})
	if err != nil {
		t.Fatal(err)
	}
	return stream
}

func expectHealth(
	t *testing.T, stream grpc.ServerStreamingClient[healthpb.HealthCheckResponse], expected healthpb.HealthCheckResponse_ServingStatus,
) {
	t.Helper()
	got, err := stream.Recv()
	if err != nil || got.GetStatus() != expected {
		t.Errorf("%v, %v; expected %v", got.GetStatus(), err, expected)
	}
}

// startTrade opens a Trade that has had one fill.
func startTrade(t *testing.T, conn *grpc.ClientConn) grpc.BidiStreamingClient[stockpb.TradeOrder, stockpb.TradeFill] {
	t.Helper()
	trade, err := stockpb.NewStockClient(conn).Trade(deadline(t))
	if err != nil {
		t.Fatal(err)
	}
	tradeOnce(t, trade)
	return trade
}

func tradeOnce(t *testing.T, trade grpc.BidiStreamingClient[stockpb.TradeOrder, stockpb.TradeFill]) {
	t.Helper()
	if err := trade.Send(&stockpb.TradeOrder{Symbol: "acme", Quantity: 1}); err != nil {
		t.Fatal(err)
	}
	if fill, err := trade.Recv(); err != nil || !fill.GetSuccess() {
		t.Fatalf("%v, %v; expected a fill", fill, err)
	}
}

func TestDrainLetsACallGoOnWithinTheGrace(t *testing.T) {
	l, conn := open(t, Config{})
	trade := startTrade(t, conn)
	drained := make(chan time.Duration, 1)
	go func() { drained <- drainWithin(t, l, time.Minute) }()
	awaitGoAway(t, l, conn)
	tradeOnce(t, trade)
	if err := trade.CloseSend(); err != nil {
		t.Fatal(err)
	}
	if _, err := trade.Recv(); err != io.EOF {
		t.Errorf("the call ended with %v, expected %v", err, io.EOF)
	}
	select {
	case <-drained:
	case <-time.After(patience):
		t.Error("the drain goes on without a call")
	}
}

// awaitGoAway waits until a connection is told to go, and holds that no further one is accepted.
func awaitGoAway(t *testing.T, l *Listener, conn *grpc.ClientConn) {
	t.Helper()
	if !conn.WaitForStateChange(deadline(t), connectivity.Ready) {
		t.Fatal("no GOAWAY")
	}
	if conn, err := net.Dial("tcp", l.Address().String()); err == nil {
		conn.Close()
		t.Error("a draining listener accepts a connection")
	}
}

func TestDrainEndsAtTheGraceWhateverACallDoes(t *testing.T) {
	l, conn := open(t, Config{})
	trade := startTrade(t, conn)
	const grace = 50 * time.Millisecond
	if took := drainWithin(t, l, grace); took < grace || took > grace+AbortTimeout+patience/10 {
		t.Errorf("the drain took %v with a grace of %v", took, grace)
	}
	if _, err := trade.Recv(); status.Code(err) != codes.Unavailable {
		t.Errorf("the call ended with %v, expected UNAVAILABLE", err)
	}
}

func TestDrainWaitsForNoHandshakeAndNoIdleConnection(t *testing.T) {
	l, _ := open(t, Config{})
	half, idle := dial(t, l), dial(t, l)
	// A connection without calls that never acknowledges a GOAWAY.
	if _, err := io.WriteString(idle, preface); err != nil {
		t.Fatal(err)
	}
	for _, conn := range []net.Conn{half, idle} { // the server's settings: it has accepted both
		if _, err := io.ReadFull(conn, make([]byte, 9)); err != nil {
			t.Fatal(err)
		}
	}
	if took := drainWithin(t, l, time.Minute); took > patience/5 {
		t.Errorf("the drain took %v", took)
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
