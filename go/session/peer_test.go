package session

import (
	"bufio"
	"context"
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
	t        *testing.T
	input    *io.PipeWriter
	events   chan *sessionpb.Event
	ended    chan error
	commands uint32
	calls    uint32
}

func startServer(t *testing.T) *peer {
	return start(t, func(ctx context.Context, in io.Reader, out io.Writer, log *slog.Logger) error {
		return Serve(ctx, in, out, time.Second, log)
	})
}

func startClient(t *testing.T) *peer { return start(t, Call) }

// start runs a session and reads its Hello.
func start(t *testing.T, run func(context.Context, io.Reader, io.Writer, *slog.Logger) error) *peer {
	t.Helper()
	in, input := io.Pipe()
	output, out := io.Pipe()
	p := &peer{t: t, input: input, events: make(chan *sessionpb.Event, 4096), ended: make(chan error, 1)}
	go func() {
		p.ended <- run(t.Context(), in, out, slog.New(slog.NewTextHandler(t.Output(), nil)))
		out.Close()
	}()
	go p.readAll(bufio.NewReader(output))
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
			p.t.Errorf("half a frame: %v", err)
			return
		}
		event := &sessionpb.Event{}
		if err := proto.Unmarshal(body, event); err != nil {
			p.t.Errorf("a frame that is no Event: %v", err)
			return
		}
		p.events <- event
	}
}

// event returns the next event.
func (p *peer) event() *sessionpb.Event {
	p.t.Helper()
	select {
	case event, ok := <-p.events:
		if !ok {
			p.t.Fatal("the output ended, an event expected")
		}
		return event
	case <-time.After(patience):
		p.t.Fatal("no event")
	}
	return nil
}

// end ends the input and returns the error the session ended with.
func (p *peer) end() error {
	p.t.Helper()
	p.input.Close()
	select {
	case err := <-p.ended:
		return err
	case <-time.After(patience):
		p.t.Fatal("the session did not end")
	}
	return nil
}

func (p *peer) command(command *sessionpb.Command) {
	p.t.Helper()
	p.commands++
	command.Id = p.commands
	body, err := proto.Marshal(command)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.input.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), body...)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *peer) listen(listen *sessionpb.Listen) {
	p.t.Helper()
	p.command(&sessionpb.Command{Command: &sessionpb.Command_Listen{Listen: listen}})
}

func (p *peer) stop(stop *sessionpb.Stop) {
	p.t.Helper()
	p.command(&sessionpb.Command{Command: &sessionpb.Command_Stop{Stop: stop}})
}

func (p *peer) openChannel(open *sessionpb.OpenChannel) {
	p.t.Helper()
	p.command(&sessionpb.Command{Command: &sessionpb.Command_OpenChannel{OpenChannel: open}})
}

// call starts a call on channel 1 unless it names another, and returns its number.
func (p *peer) call(start *sessionpb.Start) uint32 {
	p.t.Helper()
	p.calls++
	start.Call = p.calls
	if start.Channel == 0 {
		start.Channel = 1
	}
	p.command(&sessionpb.Command{Command: &sessionpb.Command_Start{Start: start}})
	return p.calls
}

func (p *peer) send(call uint32, requests ...*sessionpb.Request) {
	p.t.Helper()
	p.command(&sessionpb.Command{Command: &sessionpb.Command_Send{Send: &sessionpb.Send{Call: call, Requests: requests}}})
}

func (p *peer) halfClose(call uint32) {
	p.t.Helper()
	p.command(&sessionpb.Command{Command: &sessionpb.Command_HalfClose{HalfClose: &sessionpb.HalfClose{Call: call}}})
}

func (p *peer) receive(call, credit uint32) {
	p.t.Helper()
	receive := &sessionpb.Receive{Call: call, Credit: credit}
	p.command(&sessionpb.Command{Command: &sessionpb.Command_Receive{Receive: receive}})
}

func (p *peer) cancel(call uint32) {
	p.t.Helper()
	p.command(&sessionpb.Command{Command: &sessionpb.Command_Cancel{Cancel: &sessionpb.Cancel{Call: call}}})
}

// collect gathers what one call gives until enough says so. Events of other calls are a failure.
func (p *peer) collect(call uint32, enough func(*sessionpb.Events) bool) *sessionpb.Events {
	p.t.Helper()
	all := &sessionpb.Events{}
	for !enough(all) {
		event := p.event()
		events := event.GetEvents()
		if events.GetCall() != call {
			p.t.Fatalf("%v, events of call %d expected", event, call)
		}
		proto.Merge(all, events)
	}
	return all
}

// result collects what a call gives to its status.
func (p *peer) result(call uint32) *sessionpb.Events {
	p.t.Helper()
	return p.collect(call, func(all *sessionpb.Events) bool { return all.GetStatus() != nil })
}

// responses collects n responses of a call.
func (p *peer) responses(call uint32, n int) *sessionpb.Events {
	p.t.Helper()
	return p.collect(call, func(all *sessionpb.Events) bool { return len(all.GetResponses()) >= n })
}

func (p *peer) failure() *sessionpb.Failure {
	p.t.Helper()
	event := p.event()
	if event.GetFailure() == nil {
		p.t.Fatalf("%v, a Failure expected", event)
	}
	return event.GetFailure()
}
