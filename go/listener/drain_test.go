package listener

import (
	"io"
	"net"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"

	"tofusoup.dev/stock/go/stockpb"
)

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
