package session

import (
	"bufio"
	"encoding/binary"
	"io"
	"log/slog"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"tofusoup.dev/stock/go/sessionpb"
)

const patience = 10 * time.Second // for what must happen

// A peer is the runner's end of a session under test.
type peer struct {
	t      *testing.T
	input  *io.PipeWriter
	events chan *sessionpb.Event
	ended  chan error
	id     uint32
}

// start runs a session and reads its Hello.
func start(t *testing.T, run func(io.Reader, io.Writer, *slog.Logger) error) *peer {
	t.Helper()
	input, in := io.Pipe()
	out, output := io.Pipe()
	p := &peer{t: t, input: in, events: make(chan *sessionpb.Event, 4096), ended: make(chan error, 1)}
	go func() {
		p.ended <- run(input, output, slog.New(slog.NewTextHandler(t.Output(), nil)))
		output.Close()
	}()
	go p.readAll(bufio.NewReader(out))
	t.Cleanup(func() { in.Close(); <-p.events })
	if hello := p.event().GetHello(); hello.GetProtocol() != protocol {
		t.Fatalf("first frame: %v, expected Hello", hello)
	}
	return p
}

func (p *peer) readAll(out *bufio.Reader) {
	defer close(p.events)
	for {
		var head [headBytes]byte
		if _, err := io.ReadFull(out, head[:]); err != nil {
			return
		}
		body := make([]byte, binary.BigEndian.Uint32(head[:]))
		if _, err := io.ReadFull(out, body); err != nil {
			return
		}
		event := &sessionpb.Event{}
		if err := proto.Unmarshal(body, event); err != nil {
			return
		}
		p.events <- event
	}
}

func (p *peer) command(command *sessionpb.Command) {
	p.t.Helper()
	p.id++
	command.Id = p.id
	body, err := proto.Marshal(command)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.input.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), body...)); err != nil {
		p.t.Fatal(err)
	}
}
