package session

import (
	"io"
	"log/slog"
	"sync"
	"time"

	"tofusoup.dev/stock/go/sessionpb"
)

const closeTimeout = time.Second

// A source has events to write; it is asked once for each time it was queued.
type source interface {
	take() []*sessionpb.Event
}

// single is the source of one event.
type single struct {
	event *sessionpb.Event
}

func (s single) take() []*sessionpb.Event { return []*sessionpb.Event{s.event} }

// output writes events in a goroutine of its own, so that nobody waits for the runner. What is ready
// together leaves in one write. Its memory is bounded only by a runner that reads.
type output struct {
	writer io.Writer
	log    *slog.Logger
	done   chan struct{} // closed when the goroutine has ended
	wake   chan struct{} // holds a token while the queue may have something

	mu     sync.Mutex
	queue  []source
	closed bool
}

// newOutput starts the goroutine; close ends it.
func newOutput(writer io.Writer, log *slog.Logger) *output {
	o := &output{writer: writer, log: log, done: make(chan struct{}), wake: make(chan struct{}, 1)}
	go o.run()
	return o
}

// send queues an event.
func (o *output) send(event *sessionpb.Event) { o.push(single{event}) }

// push queues a source.
func (o *output) push(s source) {
	o.mu.Lock()
	o.queue = append(o.queue, s)
	o.mu.Unlock()
	o.signal()
}

// close writes what is queued and ends the goroutine. What comes later is lost, and so is what a runner
// has not read within closeTimeout.
func (o *output) close() {
	o.mu.Lock()
	o.closed = true
	o.mu.Unlock()
	o.signal()
	select {
	case <-o.done:
	case <-time.After(closeTimeout):
		o.log.Error("the runner does not read")
	}
}

func (o *output) signal() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

func (o *output) run() {
	defer close(o.done)
	var sources []source
	var buffer []byte
	for range o.wake {
		o.mu.Lock()
		sources, o.queue = o.queue, sources[:0]
		closed := o.closed
		o.mu.Unlock()
		buffer = o.encode(buffer[:0], sources)
		clear(sources)
		if _, err := o.writer.Write(buffer); err != nil {
			o.log.Error("cannot write to the runner", "error", err)
			return // the end of standard input ends the session
		}
		if closed {
			return
		}
	}
}

// encode appends the frames of what the sources have.
func (o *output) encode(buffer []byte, sources []source) []byte {
	for _, s := range sources {
		for _, event := range s.take() {
			var err error
			if buffer, err = appendFrame(buffer, event); err != nil {
				o.log.Error("event lost", "error", err)
			}
		}
	}
	return buffer
}
