package listener

import (
	"io"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"tofusoup.dev/stock/go/stockpb"
)

// preface is the begin of a client's HTTP/2 connection: the fixed one and empty settings.
const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"

func TestMetadataLimit(t *testing.T) {
	_, conn := open(t, Config{})
	for size, expected := range map[int]codes.Code{8 << 10: codes.NotFound, 17 << 10: codes.Internal} {
		ctx := metadata.AppendToOutgoingContext(deadline(t), "large", strings.Repeat("x", size))
		_, err := stockpb.NewStockClient(conn).Get(ctx, &stockpb.GetRequest{Key: "k"})
		if status.Code(err) != expected {
			t.Errorf("%d bytes: %v, expected %v", size, err, expected)
		}
	}
}

func TestLimitsAreAnnounced(t *testing.T) {
	l, _ := open(t, Config{})
	conn := dial(t, l)
	settings := make([]byte, 9) // the head of a frame, which begins with the length
	if _, err := io.ReadFull(conn, settings); err != nil {
		t.Fatal(err)
	}
	settings = make([]byte, settings[2])
	if _, err := io.ReadFull(conn, settings); err != nil {
		t.Fatal(err)
	}
	for name, setting := range map[string]string{ // RFC 9113, 6.5.1
		"100 concurrent streams": "\x00\x03\x00\x00\x00\x64",
		"16 KiB of metadata":     "\x00\x06\x00\x00\x40\x00",
	} {
		if !strings.Contains(string(settings), setting) {
			t.Errorf("settings %q, expected %s", settings, name)
		}
	}
}

func TestKeepaliveAbuseIsEnded(t *testing.T) {
	l, _ := open(t, Config{})
	conn := dial(t, l)
	ping := "\x00\x00\x08\x06\x00\x00\x00\x00\x00pingping"
	if _, err := io.WriteString(conn, preface+strings.Repeat(ping, 10)); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if !strings.Contains(string(answer), "too_many_pings") {
		t.Errorf("%q, %v; expected GOAWAY too_many_pings", answer, err)
	}
}

func TestReceiveLimit(t *testing.T) {
	_, conn := open(t, Config{MaxReceiveBytes: 100})
	for size, expected := range map[int]codes.Code{90: codes.OK, 101: codes.ResourceExhausted} {
		put := &stockpb.PutRequest{Key: "k", Value: make([]byte, size)}
		if _, err := stockpb.NewStockClient(conn).Put(deadline(t), put); status.Code(err) != expected {
			t.Errorf("%d bytes: %v, expected %v", size, err, expected)
		}
	}
}
