package session

import (
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"tofusoup.dev/stock/go/headers"
	"tofusoup.dev/stock/go/sessionpb"
)

const detailsKey = "grpc-status-details-bin"

// frameTarget is the size of responses at which a call's frame is full and the next one begins; far below
// maxFrameBytes, as a frame is full only when a response has filled it.
const frameTarget = 1 << 20

// A report collects what a call's library gave until the output writes it. It is the source of the call's
// frames.
type report struct {
	call    uint32
	out     *output
	started time.Time

	mu     sync.Mutex
	frames []*sessionpb.Event
	last   *sessionpb.Events // of the last frame; nil: the next thing begins a new one
	bytes  int               // of the responses in last
	queued bool
}

func newReport(call uint32, out *output) *report {
	return &report{call: call, out: out, started: time.Now()}
}

// headers adds the initial metadata.
func (r *report) headers(md metadata.MD) {
	r.add(func(events *sessionpb.Events) { events.Headers = headers.FromMD(md) })
}

// response adds a response.
func (r *report) response(response *sessionpb.Response) {
	r.add(func(events *sessionpb.Events) {
		events.Responses = append(events.Responses, response)
		r.bytes += proto.Size(response)
	})
}

// status adds how the call ended.
func (r *report) status(err error, trailer metadata.MD, unsent int) {
	r.add(func(events *sessionpb.Events) { events.Status = statusOf(err, trailer, unsent) })
}

// unary adds everything that a unary call gives, in one frame.
func (r *report) unary(response *sessionpb.Response, header, trailer metadata.MD, err error) {
	r.add(func(events *sessionpb.Events) {
		if header != nil {
			events.Headers = headers.FromMD(header)
		}
		if err == nil {
			events.Responses = []*sessionpb.Response{response}
		}
		events.Status = statusOf(err, trailer, 0)
	})
}

func (r *report) add(fill func(*sessionpb.Events)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last == nil {
		r.last, r.bytes = &sessionpb.Events{Call: r.call}, 0
		r.frames = append(r.frames, &sessionpb.Event{Event: &sessionpb.Event_Events{Events: r.last}})
	}
	fill(r.last)
	r.last.AtNs = time.Since(r.started).Nanoseconds()
	if r.bytes >= frameTarget {
		r.last = nil
	}
	if !r.queued {
		r.queued = true
		r.out.push(r)
	}
}

func (r *report) take() []*sessionpb.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	frames := r.frames
	r.frames, r.last, r.queued = nil, nil, false
	return frames
}

// statusOf returns the status of a call's error; nil and io.EOF are OK.
func statusOf(err error, trailer metadata.MD, unsent int) *sessionpb.Status {
	if errors.Is(err, io.EOF) {
		err = nil
	}
	s := status.Convert(err)
	out := &sessionpb.Status{
		Code:     uint32(s.Code()),
		Message:  strings.ToValidUTF8(s.Message(), "\uFFFD"), // a peer may send any bytes; a frame may not
		Trailers: headers.FromMD(trailer),
		Unsent:   uint32(unsent),
	}
	if details := trailer.Get(detailsKey); len(details) > 0 {
		out.Details = []byte(details[0])
	}
	return out
}
