package session

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"tofusoup.dev/stock/go/sessionpb"
	"tofusoup.dev/stock/go/stockpb"
)

func frame(t testing.TB, message proto.Message) []byte {
	t.Helper()
	body, err := proto.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), body...)
}

func TestReadCommands(t *testing.T) {
	var input []byte
	for id := range uint32(3) {
		cancel := &sessionpb.Command_Cancel{Cancel: &sessionpb.Cancel{Call: id}}
		input = append(input, frame(t, &sessionpb.Command{Id: id, Command: cancel})...)
	}
	input = append(input, 0, 0, 0, 0) // an empty command
	reader := newFrameReader(bytes.NewReader(input))
	for id := range uint32(3) {
		command, err := reader.read()
		if err != nil || command.GetId() != id || command.GetCancel().GetCall() != id {
			t.Errorf("%v, %v; expected command %d", command, err, id)
		}
	}
	if command, err := reader.read(); err != nil || command.GetCommand() != nil {
		t.Errorf("%v, %v; expected an empty command", command, err)
	}
	if _, err := reader.read(); !errors.Is(err, io.EOF) {
		t.Errorf("error %v, expected %v", err, io.EOF)
	}
}

func TestReadRefusesWhatIsNoFrame(t *testing.T) {
	tests := map[string]string{
		"\x00\x00\x00":         "standard input ends within a frame",
		"\x00\x00\x00\x01":     "standard input ends within a frame",
		"\x00\x00\x00\x02\x08": "standard input ends within a frame",
		"\x00\x00\x00\x01\x08": "a frame does not decode as a Command",
		"\x01\x00\x00\x01":     "a frame of 16777217 bytes; at most 16777216",
	}
	for input, expected := range tests {
		_, err := newFrameReader(strings.NewReader(input)).read()
		var broken *FrameError
		if !errors.As(err, &broken) || broken.Reason != expected {
			t.Errorf("%q: error %v, expected %q", input, err, expected)
		}
	}
}

func TestAppendFrameRefusesTooLarge(t *testing.T) {
	events := &sessionpb.Events{Responses: []*sessionpb.Response{wrapGet(&stockpb.GetResponse{Value: make([]byte, maxFrameBytes)})}}
	before := []byte("before")
	after, err := appendFrame(before, &sessionpb.Event{Event: &sessionpb.Event_Events{Events: events}})
	var broken *FrameError
	if !errors.As(err, &broken) || string(after) != "before" {
		t.Errorf("%d bytes, error %v; expected a FrameError and what was there before", len(after), err)
	}
}

// FuzzReadFrames holds that any input is a sequence of commands and then one of the ends there are.
func FuzzReadFrames(f *testing.F) {
	start := &sessionpb.Start{Call: 1, Channel: 1, Rpc: sessionpb.Rpc_RPC_GET, Requests: []*sessionpb.Request{get("k")}}
	f.Add(frame(f, &sessionpb.Command{Id: 1, Command: &sessionpb.Command_Start{Start: start}}))
	f.Add([]byte{})
	f.Add([]byte{0, 0, 0, 0})
	f.Add([]byte{0, 0, 0, 1})
	f.Add([]byte{0, 0, 0, 1, 8, 0, 0})
	f.Add([]byte{255, 255, 255, 255, 0})
	f.Fuzz(func(t *testing.T, input []byte) {
		reader := newFrameReader(bytes.NewReader(input))
		for {
			command, err := reader.read()
			var broken *FrameError
			switch {
			case err == nil && command == nil:
				t.Fatal("neither a command nor an error")
			case err == nil:
			case errors.Is(err, io.EOF), errors.As(err, &broken):
				return
			default:
				t.Fatalf("error %v, expected io.EOF or a FrameError", err)
			}
		}
	})
}
