package session

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"tofusoup.dev/stock/go/sessionpb"
)

func TestUnaryIsOneFrame(t *testing.T) {
	_, client := connect(t)
	call := client.call(&sessionpb.Start{Rpc: sessionpb.Rpc_RPC_PUT, Requests: []*sessionpb.Request{put("k", "v")}})
	wantStatus(t, client.result(call), codes.OK, "")
	call = client.call(&sessionpb.Start{Rpc: sessionpb.Rpc_RPC_GET, Requests: []*sessionpb.Request{get("k")}})
	events := client.event().GetEvents()
	wantStatus(t, events, codes.OK, "")
	if value := events.GetResponses()[0].GetGet().GetValue(); events.GetCall() != call || string(value) != "v" {
		t.Errorf("%v, the value v of call %d expected", events, call)
	}
	if events.GetHeaders() == nil || len(events.GetHeaders().GetEntries()) != 0 {
		t.Errorf("headers %v, none but present expected", events.GetHeaders())
	}
	call = client.call(&sessionpb.Start{Rpc: sessionpb.Rpc_RPC_GET, Requests: []*sessionpb.Request{get("other")}})
	events = client.result(call)
	wantStatus(t, events, codes.NotFound, "key not found: other")
	if events.GetHeaders() != nil {
		t.Errorf("headers %v of a trailers-only answer, none expected", events.GetHeaders())
	}
}

func TestMonitorReportsHeadersAtOnce(t *testing.T) {
	_, client := connect(t)
	monitor := client.call(&sessionpb.Start{
		Rpc: sessionpb.Rpc_RPC_MONITOR, Requests: []*sessionpb.Request{watch("a/")}, Credit: 1,
	})
	client.collect(monitor, func(all *sessionpb.Events) bool { return all.GetHeaders() != nil })
	seen := 0
	for _, key := range []string{"a/1", "b/1", "a/2"} {
		call := client.call(&sessionpb.Start{Rpc: sessionpb.Rpc_RPC_PUT, Requests: []*sessionpb.Request{put(key, "")}})
		for done := false; !done; {
			events := client.event().GetEvents()
			done = events.GetCall() == call && events.GetStatus() != nil
			if events.GetCall() != monitor {
				continue
			}
			seen++
			if key := events.GetResponses()[0].GetMonitor().GetKey(); seen > 1 || key != "a/1" {
				t.Fatalf("event of %s, expected only a/1 within the credit", key)
			}
		}
	}
}

func TestWhatCannotBeObeyedChangesNothing(t *testing.T) {
	_, client := connect(t)
	refused := []*sessionpb.Start{
		{Rpc: sessionpb.Rpc_RPC_KV_PUT, Requests: []*sessionpb.Request{put("k", "")}}, // another rpc's request
		{Rpc: sessionpb.Rpc_RPC_PUT},
		{Rpc: sessionpb.Rpc_RPC_PUT, Requests: []*sessionpb.Request{put("k", ""), put("k", "")}},
		{Rpc: sessionpb.Rpc_RPC_UNSPECIFIED},
		{Rpc: sessionpb.Rpc_RPC_TRADE, Channel: 2},
		{Rpc: sessionpb.Rpc_RPC_TRADE, TimeoutNs: -1},
		{Rpc: sessionpb.Rpc_RPC_TRADE, Requests: []*sessionpb.Request{{}}},
	}
	for _, start := range refused {
		client.call(start)
		if failure := client.failure(); failure.GetId() != client.commands || failure.GetReason() == "" {
			t.Errorf("%v of %v", failure, start)
		}
	}
	client.calls = 0 // no number has been used
	call := client.call(&sessionpb.Start{Rpc: sessionpb.Rpc_RPC_GET, Requests: []*sessionpb.Request{get("k")}})
	wantStatus(t, client.result(call), codes.NotFound, "key not found: k")
	client.listen(&sessionpb.Listen{Listener: 1})
	client.failure()
}

func TestTradeAnswersBeforeHalfClose(t *testing.T) {
	_, client := connect(t)
	trade := client.call(&sessionpb.Start{Rpc: sessionpb.Rpc_RPC_TRADE})
	for i := range int32(3) {
		client.send(trade, buy("acme", i+1))
		events := client.responses(trade, 1)
		if fill := events.GetResponses()[0].GetTrade(); fill.GetQuantityFilled() != i+1 || !fill.GetSuccess() {
			t.Fatalf("fill %v of %d", fill, i+1)
		}
	}
	client.halfClose(trade)
	wantStatus(t, client.result(trade), codes.OK, "")
	client.halfClose(trade) // has ended: ignored
	client.cancel(trade + 1)
	if reason := client.failure().GetReason(); !strings.Contains(reason, "never was one") {
		t.Errorf("reason %q", reason)
	}
}

func TestBatchEndsEarlyWithUnsent(t *testing.T) {
	_, client := connect(t)
	batch := client.call(&sessionpb.Start{
		Rpc:      sessionpb.Rpc_RPC_BATCH,
		Requests: []*sessionpb.Request{item("a", "1"), item("b", "2")},
		Metadata: directed(&sessionpb.Directive{Fail: &sessionpb.Fail{Code: 8, Message: "full", After: 2, Details: []byte{1, 2}}}),
	})
	events := client.result(batch)
	wantStatus(t, events, codes.ResourceExhausted, "full")
	if status := events.GetStatus(); status.GetUnsent() != 0 || string(status.GetDetails()) != "\x01\x02" {
		t.Errorf("status %v, expected details 1, 2 and nothing unsent", status)
	}
	client.send(batch, item("c", "3")) // has ended: ignored
	call := client.call(&sessionpb.Start{Rpc: sessionpb.Rpc_RPC_GET, Requests: []*sessionpb.Request{get("b")}})
	wantStatus(t, client.result(call), codes.OK, "")
}

func TestUnsentOfAChannelWithoutServer(t *testing.T) {
	client := startClient(t)
	client.openChannel(&sessionpb.OpenChannel{
		Channel: 1, Host: "127.0.0.1", Port: 1, Security: sessionpb.Security_SECURITY_PLAINTEXT,
	})
	batch := client.call(&sessionpb.Start{Rpc: sessionpb.Rpc_RPC_BATCH, Requests: []*sessionpb.Request{item("a", "")}})
	if status := client.result(batch).GetStatus(); status.GetCode() != uint32(codes.Unavailable) || status.GetUnsent() != 1 {
		t.Errorf("status %v, UNAVAILABLE with 1 unsent expected", status)
	}
}

func TestCancelAndDeadlineEndACallThatWaitsForCredit(t *testing.T) {
	_, client := connect(t)
	for _, timeout := range []time.Duration{0, 50 * time.Millisecond} {
		trade := client.call(&sessionpb.Start{
			Rpc:       sessionpb.Rpc_RPC_TRADE,
			Requests:  []*sessionpb.Request{buy("a", 1), buy("a", 1), buy("a", 1)},
			Credit:    1,
			TimeoutNs: timeout.Nanoseconds(),
		})
		client.responses(trade, 1)
		code := codes.DeadlineExceeded
		if timeout == 0 {
			code = codes.Canceled
			client.cancel(trade)
		}
		events := client.result(trade)
		if events.GetStatus().GetCode() != uint32(code) || len(events.GetResponses()) != 0 {
			t.Errorf("%v, expected %v and no response beyond the credit", events, code)
		}
	}
}

func TestCreditIsKept(t *testing.T) {
	_, client := connect(t)
	trade := client.call(&sessionpb.Start{
		Rpc: sessionpb.Rpc_RPC_TRADE, Credit: 2, HalfClose: true,
		Requests: []*sessionpb.Request{buy("c", 1), buy("c", 1), buy("c", 1), buy("c", 1), buy("c", 1)},
	})
	if got := len(client.responses(trade, 2).GetResponses()); got != 2 {
		t.Errorf("%d responses for a credit of 2", got)
	}
	client.receive(trade, 1)
	if got := len(client.responses(trade, 1).GetResponses()); got != 1 {
		t.Errorf("%d responses for a credit of 1", got)
	}
	client.receive(trade, 0)
	events := client.result(trade)
	wantStatus(t, events, codes.OK, "")
	if got := len(events.GetResponses()); got != 2 {
		t.Errorf("%d responses left, expected 2", got)
	}
}

func TestCloseChannelCancelsItsCalls(t *testing.T) {
	_, client := connect(t)
	monitor := client.call(&sessionpb.Start{Rpc: sessionpb.Rpc_RPC_MONITOR, Requests: []*sessionpb.Request{watch("")}})
	client.collect(monitor, func(all *sessionpb.Events) bool { return all.GetHeaders() != nil })
	closeChannel := &sessionpb.CloseChannel{Channel: 1}
	client.command(&sessionpb.Command{Command: &sessionpb.Command_CloseChannel{CloseChannel: closeChannel}})
	if code := client.result(monitor).GetStatus().GetCode(); code != uint32(codes.Canceled) {
		t.Errorf("status %d, expected CANCELLED", code)
	}
}
