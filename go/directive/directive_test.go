package directive

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"tofusoup.dev/stock/go/service"
	"tofusoup.dev/stock/go/sessionpb"
	"tofusoup.dev/stock/go/stockpb"
	"tofusoup.dev/stock/go/store"
)

const patience = 10 * time.Second // for what must happen

type observed struct {
	tag         string
	observation *sessionpb.Observation
}

// serve serves Stock under a Director, and returns a stub and what the Director reports.
func serve(t *testing.T) (stockpb.StockClient, <-chan observed) {
	t.Helper()
	reports := make(chan observed, 10)
	stores := store.NewStores()
	director := New(stores, slog.New(slog.NewTextHandler(t.Output(), nil)), func(tag string, o *sessionpb.Observation) {
		reports <- observed{tag, o}
	})
	server := grpc.NewServer(
		grpc.StatsHandler(director), grpc.UnaryInterceptor(director.Unary), grpc.StreamInterceptor(director.Stream))
	stockpb.RegisterStockServer(server, service.NewStock(stores, service.Description{}))
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
	return stockpb.NewStockClient(conn), reports
}

// under returns a context of calls under a directive.
func under(t *testing.T, directive *sessionpb.Directive) context.Context {
	t.Helper()
	value, err := proto.Marshal(directive)
	if err != nil {
		t.Fatal(err)
	}
	return withValue(t, string(value))
}

func withValue(t *testing.T, value string) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return metadata.AppendToOutgoingContext(ctx, metadataKey, value)
}

func wantStatus(t *testing.T, err error, code codes.Code, message string) {
	t.Helper()
	if got := status.Convert(err); got.Code() != code || got.Message() != message {
		t.Errorf("%v %q, expected %v %q", got.Code(), got.Message(), code, message)
	}
}

func TestBadDirectives(t *testing.T) {
	stock, _ := serve(t)
	tooHigh, err := proto.Marshal(&sessionpb.Directive{Fail: &sessionpb.Fail{Code: 17}})
	if err != nil {
		t.Fatal(err)
	}
	ok, err := proto.Marshal(&sessionpb.Directive{Fail: &sessionpb.Fail{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{"\xff", string(tooHigh), string(ok)} {
		_, err := stock.Get(withValue(t, value), &stockpb.GetRequest{Key: "k"})
		wantStatus(t, err, codes.InvalidArgument, "bad directive")
		trade, err := stock.Trade(withValue(t, value))
		if err != nil {
			t.Fatal(err)
		}
		_, err = trade.Recv()
		wantStatus(t, err, codes.InvalidArgument, "bad directive")
	}
}

func TestStoresAreApart(t *testing.T) {
	stock, _ := serve(t)
	one := under(t, &sessionpb.Directive{Store: "one"})
	if _, err := stock.Put(one, &stockpb.PutRequest{Key: "k"}); err != nil {
		t.Fatal(err)
	}
	_, err := stock.Get(t.Context(), &stockpb.GetRequest{Key: "k"})
	wantStatus(t, err, codes.NotFound, "key not found: k")
	if _, err := stock.Get(one, &stockpb.GetRequest{Key: "k"}); err != nil {
		t.Error(err)
	}
}

func TestMetadataAndDetailsGoOutAsTheyAre(t *testing.T) {
	stock, _ := serve(t)
	details := "not a google.rpc.Status \xff"
	var header, trailer metadata.MD
	_, err := stock.Get(under(t, &sessionpb.Directive{
		Headers:  entries("a", "1", "b-bin", "\x00\xff", "a", "2"),
		Trailers: entries("c", "3"),
		Fail:     &sessionpb.Fail{Code: 5, Message: "tab\tand é", Details: []byte(details)},
	}), &stockpb.GetRequest{}, grpc.Header(&header), grpc.Trailer(&trailer))
	wantStatus(t, err, codes.NotFound, "tab\tand é")
	if a := header["a"]; len(a) != 2 || a[0] != "1" || a[1] != "2" || header["b-bin"][0] != "\x00\xff" {
		t.Errorf("headers %v", header)
	}
	if trailer["c"][0] != "3" || trailer[detailsKey][0] != details {
		t.Errorf("trailers %v", trailer)
	}
}

func entries(pairs ...string) *sessionpb.Metadata {
	out := &sessionpb.Metadata{}
	for i := 0; i < len(pairs); i += 2 {
		out.Entries = append(out.Entries, &sessionpb.Header{Name: pairs[i], Value: []byte(pairs[i+1])})
	}
	return out
}

func TestFailAfterCountsResponsesOrRequests(t *testing.T) {
	stock, reports := serve(t)
	ctx := under(t, &sessionpb.Directive{Store: "s", Tag: "t", Fail: &sessionpb.Fail{Code: 8, Message: "enough", After: 2}})
	trade, err := stock.Trade(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := trade.Send(&stockpb.TradeOrder{Symbol: "acme", Quantity: 1}); err != nil {
			t.Fatal(err)
		}
		if _, err := trade.Recv(); err != nil {
			t.Fatal(err)
		}
	}
	_, err = trade.Recv()
	wantStatus(t, err, codes.ResourceExhausted, "enough")
	wantObserved(t, reports, 2, 2, false)
	batch, err := stock.Batch(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"a", "b"} {
		if err := batch.Send(&stockpb.BatchItem{Key: key}); err != nil {
			t.Fatal(err)
		}
	}
	wantStatus(t, batch.RecvMsg(&stockpb.BatchSummary{}), codes.ResourceExhausted, "enough")
	wantObserved(t, reports, 2, 0, false)
	inventory, err := stock.Inventory(under(t, &sessionpb.Directive{Store: "s"}), &stockpb.InventoryRequest{})
	if err != nil || inventory.GetTotalItems() != 2 {
		t.Errorf("%v, %v; expected both items", inventory, err)
	}
}

func wantObserved(t *testing.T, reports <-chan observed, read, sent uint32, cancelled bool) {
	t.Helper()
	select {
	case report := <-reports:
		got := report.observation
		if report.tag != "t" || got.GetMessagesRead() != read || got.GetMessagesSent() != sent || got.GetCancelled() != cancelled {
			t.Errorf("%v, expected %d read, %d sent, cancelled %v", report, read, sent, cancelled)
		}
	case <-time.After(patience):
		t.Fatal("no observation")
	}
}

func TestCancelIsObserved(t *testing.T) {
	stock, reports := serve(t)
	ctx, cancel := context.WithCancel(under(t, &sessionpb.Directive{Tag: "t"}))
	trade, err := stock.Trade(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := trade.Send(&stockpb.TradeOrder{Symbol: "acme", Quantity: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := trade.Recv(); err != nil {
		t.Fatal(err)
	}
	cancel()
	wantObserved(t, reports, 1, 1, true)
}

func TestEndOfACallIsNoCancellation(t *testing.T) {
	stock, reports := serve(t)
	_, err := stock.Get(under(t, &sessionpb.Directive{Tag: "t"}), &stockpb.GetRequest{Key: "k"})
	wantStatus(t, err, codes.NotFound, "key not found: k")
	wantObserved(t, reports, 1, 0, false)
	_, err = stock.Get(under(t, &sessionpb.Directive{Tag: "t", Fail: &sessionpb.Fail{Code: 1}}), &stockpb.GetRequest{Key: "k"})
	wantStatus(t, err, codes.Canceled, "")
	wantObserved(t, reports, 1, 0, false)
}

func TestEndedByPeer(t *testing.T) {
	for err, expected := range map[error]bool{
		context.Canceled:                    true,
		context.DeadlineExceeded:            true,
		status.Error(codes.Canceled, ""):    true,
		status.Error(codes.Unavailable, ""): true,
		status.Error(codes.Internal, ""):    false,
		io.ErrUnexpectedEOF:                 false,
		errors.New("anything"):              false,
	} {
		if got := endedByPeer(err); got != expected {
			t.Errorf("%v: %v, expected %v", err, got, expected)
		}
	}
}
