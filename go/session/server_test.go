package session

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"tofusoup.dev/stock/go/sessionpb"
)

func TestListenRefusals(t *testing.T) {
	server := startServer(t)
	refused := map[string]*sessionpb.Listen{
		"listener": {Host: "127.0.0.1", Security: sessionpb.Security_SECURITY_PLAINTEXT},
		"host":     {Listener: 1, Host: "localhost", Security: sessionpb.Security_SECURITY_PLAINTEXT},
		"host:":    {Listener: 1, Host: "0.0.0.0", Security: sessionpb.Security_SECURITY_PLAINTEXT},
		"port":     {Listener: 1, Host: "127.0.0.1", Port: 65536, Security: sessionpb.Security_SECURITY_PLAINTEXT},
		"security": {Listener: 1, Host: "127.0.0.1"},
		"identity": {Listener: 1, Host: "127.0.0.1", Security: sessionpb.Security_SECURITY_TLS},
	}
	for expected, listen := range refused {
		server.listen(listen)
		if reason := server.failure().GetReason(); !strings.Contains(reason, expected) {
			t.Errorf("%v: %q, expected %q", listen, reason, expected)
		}
	}
	server.listen(&sessionpb.Listen{Listener: 1, Host: "::1", Security: sessionpb.Security_SECURITY_PLAINTEXT})
	if event := server.event(); event.GetListening().GetPort() == 0 {
		t.Errorf("%v, expected Listening", event)
	}
}

func TestObservationFollowsTheEndOfACall(t *testing.T) {
	server, client := connect(t)
	call := client.call(&sessionpb.Start{
		Rpc:       sessionpb.Rpc_RPC_GET,
		Requests:  []*sessionpb.Request{get("k")},
		TimeoutNs: (50 * time.Millisecond).Nanoseconds(),
		Metadata:  directed(&sessionpb.Directive{Tag: "late", DelayMs: 60_000}),
	})
	if code := client.result(call).GetStatus().GetCode(); code != uint32(codes.DeadlineExceeded) {
		t.Errorf("status %d, expected DEADLINE_EXCEEDED", code)
	}
	observed := server.event().GetObserved()
	seen := observed.GetObservation()
	if observed.GetTag() != "late" || !seen.GetCancelled() || seen.GetMessagesRead() != 1 || seen.GetMessagesSent() != 0 {
		t.Errorf("observed %v", observed)
	}
	if left := time.Duration(seen.GetDeadlineNs()); left <= 0 || left > 50*time.Millisecond {
		t.Errorf("deadline in %v, expected at most 50ms", left)
	}
}

func TestStopEndsMonitorAndAnswers(t *testing.T) {
	server, client := connect(t)
	monitor := client.call(&sessionpb.Start{Rpc: sessionpb.Rpc_RPC_MONITOR, Requests: []*sessionpb.Request{watch("")}})
	client.collect(monitor, func(all *sessionpb.Events) bool { return all.GetHeaders() != nil })
	server.stop(&sessionpb.Stop{Listener: 1, GraceMs: 60_000})
	wantStatus(t, client.result(monitor), codes.Unavailable, "server shutting down")
	if stopped := server.event().GetStopped(); stopped.GetListener() != 1 {
		t.Errorf("%v, expected Stopped of listener 1", stopped)
	}
	server.stop(&sessionpb.Stop{Listener: 1})
	server.failure()
}
