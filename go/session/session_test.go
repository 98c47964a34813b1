package session

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"tofusoup.dev/stock/go/sessionpb"
	"tofusoup.dev/stock/go/stockpb"
)

// connect starts a plaintext listener 1 and a client with a channel 1 to it.
func connect(t *testing.T) (server, client *peer) {
	t.Helper()
	server, client = startServer(t), startClient(t)
	server.listen(&sessionpb.Listen{Listener: 1, Host: "127.0.0.1", Security: sessionpb.Security_SECURITY_PLAINTEXT})
	client.openChannel(&sessionpb.OpenChannel{
		Channel:  1,
		Host:     "127.0.0.1",
		Port:     server.event().GetListening().GetPort(),
		Security: sessionpb.Security_SECURITY_PLAINTEXT,
	})
	return server, client
}

func put(key, value string) *sessionpb.Request {
	put := &stockpb.PutRequest{Key: key, Value: []byte(value)}
	return &sessionpb.Request{Request: &sessionpb.Request_Put{Put: put}}
}

func get(key string) *sessionpb.Request {
	return &sessionpb.Request{Request: &sessionpb.Request_Get{Get: &stockpb.GetRequest{Key: key}}}
}

func watch(prefix string) *sessionpb.Request {
	watch := &stockpb.WatchRequest{KeyPrefix: prefix}
	return &sessionpb.Request{Request: &sessionpb.Request_Monitor{Monitor: watch}}
}

func item(key, value string) *sessionpb.Request {
	item := &stockpb.BatchItem{Key: key, Value: []byte(value)}
	return &sessionpb.Request{Request: &sessionpb.Request_Batch{Batch: item}}
}

func buy(symbol string, quantity int32) *sessionpb.Request {
	order := &stockpb.TradeOrder{Symbol: symbol, Quantity: quantity}
	return &sessionpb.Request{Request: &sessionpb.Request_Trade{Trade: order}}
}

func directed(directive *sessionpb.Directive) *sessionpb.Metadata {
	value, err := proto.Marshal(directive)
	if err != nil {
		panic(err)
	}
	return &sessionpb.Metadata{Entries: []*sessionpb.Header{{Name: "stock-directive-bin", Value: value}}}
}

func wantStatus(t *testing.T, events *sessionpb.Events, code codes.Code, message string) {
	t.Helper()
	status := events.GetStatus()
	if status.GetCode() != uint32(code) || status.GetMessage() != message {
		t.Errorf("status %d %q, expected %d %q", status.GetCode(), status.GetMessage(), code, message)
	}
}

func TestEndOfInputEndsEverything(t *testing.T) {
	server, client := connect(t)
	client.call(&sessionpb.Start{Rpc: sessionpb.Rpc_RPC_TRADE})
	if err := client.end(); err != nil {
		t.Errorf("client ended with %v", err)
	}
	if err := server.end(); err != nil {
		t.Errorf("server ended with %v", err)
	}
}

func TestHalfAFrameIsAnError(t *testing.T) {
	server := startServer(t)
	if _, err := server.input.Write([]byte{0, 0}); err != nil {
		t.Fatal(err)
	}
	if err := server.end(); err == nil || err.Error() != "standard input ends within a frame" {
		t.Errorf("error %v", err)
	}
}
