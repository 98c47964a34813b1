package main

import (
	"testing"

	"google.golang.org/grpc/codes"

	"tofusoup.dev/stock/go/stockpb"
)

func TestEventLine(t *testing.T) {
	tests := map[string]*stockpb.WatchEvent{
		"7\tPUT\tk\t\n":      {Timestamp: 7, Key: "k"},
		"7\tDELETE\ta\\tb\n": {Timestamp: 7, Key: "a\tb", Type: stockpb.WatchEvent_DELETE},
		"-1\tPUT\té😀 \t\\\\\\n\\r\\x00\\x1F\\x7F\\xFF\\xC3\n": {
			Timestamp: -1, Key: "é😀 ", Value: []byte("\\\n\r\x00\x1f\x7f\xff\xc3"),
		},
		"0\tPUT\t\uFFFD\t\n": {Key: "\uFFFD"}, // itself, not a byte that is not UTF-8
	}
	for expected, event := range tests {
		if line := eventLine(event); line != expected {
			t.Errorf("%q, expected %q", line, expected)
		}
	}
}

func TestCodeName(t *testing.T) {
	tests := map[codes.Code]string{
		codes.Canceled: "CANCELLED", codes.NotFound: "NOT_FOUND", codes.DeadlineExceeded: "DEADLINE_EXCEEDED",
		codes.Unauthenticated: "UNAUTHENTICATED", codes.OutOfRange: "OUT_OF_RANGE", codes.DataLoss: "DATA_LOSS",
	}
	for code, expected := range tests {
		if name := codeName(code); name != expected {
			t.Errorf("%s, expected %s", name, expected)
		}
	}
}
