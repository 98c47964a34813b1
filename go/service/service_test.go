package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"tofusoup.dev/stock/go/kvpb"
	"tofusoup.dev/stock/go/stockpb"
	"tofusoup.dev/stock/go/store"
)

// serve serves Stock and KV until the test ends, and returns stubs of both.
func serve(t *testing.T, options ...grpc.ServerOption) (stockpb.StockClient, kvpb.KVClient) {
	t.Helper()
	stores := store.NewStores()
	server := grpc.NewServer(options...)
	stockpb.RegisterStockServer(server, NewStock(stores, Description{
		Version: "1.2.3", Started: time.Now().Add(-90 * time.Second), Metadata: map[string]string{"language": "go"},
	}))
	kvpb.RegisterKVServer(server, NewKV(stores))
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(socket) }()
	conn, err := grpc.NewClient("passthrough:///"+socket.Addr().String(),
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithNoProxy())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		conn.Close()
		server.Stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return stockpb.NewStockClient(conn), kvpb.NewKVClient(conn)
}

func deadline(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func wantStatus(t *testing.T, err error, code codes.Code, message string) {
	t.Helper()
	if got := status.Convert(err); got.Code() != code || got.Message() != message {
		t.Errorf("%v %q, expected %v %q", got.Code(), got.Message(), code, message)
	}
}

func TestKVSharesTheStore(t *testing.T) {
	stock, kv := serve(t)
	ctx := deadline(t)
	if _, err := stock.Put(ctx, &stockpb.PutRequest{Key: "k", Value: []byte("v")}); err != nil {
		t.Fatal(err)
	}
	got, err := kv.Get(ctx, &kvpb.GetRequest{Key: "k"})
	if err != nil || string(got.GetValue()) != "v" {
		t.Errorf("%v, %v; expected v", got, err)
	}
	if _, err := kv.Put(ctx, &kvpb.PutRequest{Key: "k", Value: []byte("w")}); err != nil {
		t.Fatal(err)
	}
	answer, err := stock.Get(ctx, &stockpb.GetRequest{Key: "k"})
	if err != nil || string(answer.GetValue()) != "w" {
		t.Errorf("%v, %v; expected w", answer, err)
	}
	if _, err := stock.Delete(ctx, &stockpb.DeleteRequest{Key: "k"}); err != nil {
		t.Fatal(err)
	}
	_, err = kv.Get(ctx, &kvpb.GetRequest{Key: "k"})
	wantStatus(t, err, codes.NotFound, "key not found: k")
}

func TestErrorsOfKeys(t *testing.T) {
	stock, kv := serve(t)
	ctx := deadline(t)
	const invalid = "invalid key: 1 to 1024 bytes of UTF-8 without NUL"
	_, err := stock.Put(ctx, &stockpb.PutRequest{})
	wantStatus(t, err, codes.InvalidArgument, invalid)
	_, err = stock.Get(ctx, &stockpb.GetRequest{Key: "\x00"})
	wantStatus(t, err, codes.InvalidArgument, invalid)
	_, err = kv.Put(ctx, &kvpb.PutRequest{})
	wantStatus(t, err, codes.InvalidArgument, invalid)
	_, err = stock.Delete(ctx, &stockpb.DeleteRequest{Key: "é"})
	wantStatus(t, err, codes.NotFound, "key not found: é")
	monitor, err := stock.Monitor(ctx, &stockpb.WatchRequest{KeyPrefix: "\x00"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = monitor.Recv()
	wantStatus(t, err, codes.InvalidArgument, invalid)
}

func TestInventory(t *testing.T) {
	stock, _ := serve(t)
	ctx := deadline(t)
	if _, err := stock.Put(ctx, &stockpb.PutRequest{Key: "k", Value: []byte("123")}); err != nil {
		t.Fatal(err)
	}
	got, err := stock.Inventory(ctx, &stockpb.InventoryRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if got.GetUptimeSeconds() < 90 || got.GetUptimeSeconds() > 100 {
		t.Errorf("up for %d s, expected a little over 90", got.GetUptimeSeconds())
	}
	got.UptimeSeconds = 0
	expected := &stockpb.InventoryStatus{
		TotalItems: 1, TotalBytes: 3, ServerVersion: "1.2.3", Metadata: map[string]string{"language": "go"},
	}
	if !proto.Equal(got, expected) {
		t.Errorf("%v, expected %v", got, expected)
	}
}

func TestMonitorMissesNothingAfterItsHeaders(t *testing.T) {
	stock, _ := serve(t)
	ctx, cancel := context.WithCancel(deadline(t))
	monitor, err := stock.Monitor(ctx, &stockpb.WatchRequest{KeyPrefix: "a"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := monitor.Header(); err != nil { // comes before any event
		t.Fatal(err)
	}
	batch, err := stock.Batch(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 500 {
		if err := batch.Send(&stockpb.BatchItem{Key: fmt.Sprintf("a%d", i)}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := batch.CloseAndRecv(); err != nil {
		t.Fatal(err)
	}
	for i := range 500 {
		event, err := monitor.Recv()
		if err != nil || event.GetKey() != fmt.Sprintf("a%d", i) || event.GetType() != stockpb.WatchEvent_PUT {
			t.Fatalf("event %d: %v, %v", i, event, err)
		}
	}
	if _, err := stock.Delete(ctx, &stockpb.DeleteRequest{Key: "a7"}); err != nil {
		t.Fatal(err)
	}
	event, err := monitor.Recv()
	if err != nil || event.GetKey() != "a7" || event.GetType() != stockpb.WatchEvent_DELETE || len(event.GetValue()) != 0 {
		t.Errorf("%v, %v; expected the DELETE of a7", event, err)
	}
	cancel()
	if _, err := monitor.Recv(); status.Code(err) != codes.Canceled {
		t.Errorf("error %v, expected CANCELLED", err)
	}
}

func TestSlowSubscriberGetsAPrefixAndResourceExhausted(t *testing.T) {
	stock, _ := serve(t)
	ctx := deadline(t)
	monitor, err := stock.Monitor(ctx, &stockpb.WatchRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := monitor.Header(); err != nil {
		t.Fatal(err)
	}
	batch, err := stock.Batch(ctx)
	if err != nil {
		t.Fatal(err)
	}
	const items = 3000
	value := make([]byte, 1024) // so that flow control blocks the sender long before the end
	for i := range items {
		if err := batch.Send(&stockpb.BatchItem{Key: fmt.Sprint(i), Value: value}); err != nil {
			t.Fatal(err)
		}
	}
	if summary, err := batch.CloseAndRecv(); err != nil || summary.GetSuccessful() != items {
		t.Fatalf("%v, %v; expected that nobody is delayed", summary, err)
	}
	for n := 0; ; n++ {
		event, err := monitor.Recv()
		if err != nil {
			wantStatus(t, err, codes.ResourceExhausted, "subscriber too slow")
			if n < 1024 || n == items {
				t.Errorf("%d events before the end, expected at least the queue's", n)
			}
			return
		}
		if event.GetKey() != fmt.Sprint(n) {
			t.Fatalf("event %s, expected %d", event.GetKey(), n)
		}
	}
}

func TestBatchCountsInvalidItems(t *testing.T) {
	stock, _ := serve(t)
	batch, err := stock.Batch(deadline(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"a", "", "b"} {
		if err := batch.Send(&stockpb.BatchItem{Key: key, Value: []byte("12")}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := batch.CloseAndRecv()
	expected := &stockpb.BatchSummary{TotalItems: 3, Successful: 2, Failed: 1, BytesWritten: 4}
	if err != nil || !proto.Equal(got, expected) {
		t.Errorf("%v, %v; expected %v", got, err, expected)
	}
}

func TestTradeFillsEachOrderAtOnce(t *testing.T) {
	stock, _ := serve(t)
	trade, err := stock.Trade(deadline(t))
	if err != nil {
		t.Fatal(err)
	}
	orders := []*stockpb.TradeOrder{
		{Symbol: "acme", Quantity: 3},
		{Type: stockpb.TradeOrder_SELL, Symbol: "acme", Quantity: 4},
		{Type: stockpb.TradeOrder_QUERY, Symbol: "acme"},
		{Type: 9, Symbol: "acme"},
	}
	expected := []*stockpb.TradeFill{
		{Success: true, Symbol: "acme", QuantityFilled: 3, Message: "bought"},
		{Symbol: "acme", Message: "insufficient position: have 3, want 4"},
		{Success: true, Symbol: "acme", QuantityFilled: 3, Message: "position"},
		{Symbol: "acme", Message: "unknown order type: 9"},
	}
	for i, order := range orders {
		if err := trade.Send(order); err != nil {
			t.Fatal(err)
		}
		fill, err := trade.Recv()
		if err != nil {
			t.Fatal(err)
		}
		fill.Timestamp = 0
		if !proto.Equal(fill, expected[i]) {
			t.Errorf("%v, expected %v", fill, expected[i])
		}
	}
	if err := trade.CloseSend(); err != nil {
		t.Fatal(err)
	}
	if _, err := trade.Recv(); !errors.Is(err, io.EOF) {
		t.Errorf("error %v, expected %v", err, io.EOF)
	}
}
