package session

import (
	"context"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"tofusoup.dev/stock/go/sessionpb"
)

// A streamCall is a call with a stream. One goroutine opens it and reads, a second one sends.
type streamCall struct {
	report *report
	method method
	ctx    context.Context
	stop   context.CancelFunc

	mu        sync.Mutex
	requests  []*sessionpb.Request // not yet handed to the library
	closed    bool                 // no more requests will come
	credit    uint32               // responses that may still be read
	unlimited bool                 // credit does not matter
	toSend    chan struct{}        // holds a token while requests or closed may have changed
	toRead    chan struct{}        // as toSend, for credit and unlimited
}

func newStreamCall(
	ctx context.Context, stop context.CancelFunc, start *sessionpb.Start, m method, r *report,
) *streamCall {
	return &streamCall{
		report:    r,
		method:    m,
		ctx:       ctx,
		stop:      stop,
		requests:  start.GetRequests(),
		closed:    start.GetHalfClose() || !m.sends,
		credit:    start.GetCredit(),
		unlimited: start.GetCredit() == 0,
		toSend:    make(chan struct{}, 1),
		toRead:    make(chan struct{}, 1),
	}
}

// send queues requests.
func (c *streamCall) send(requests []*sessionpb.Request) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return errHalfClosed
	}
	for _, request := range requests {
		if !c.method.accepts(request) {
			return errWrongRequest
		}
	}
	c.requests = append(c.requests, requests...)
	signal(c.toSend)
	return nil
}

// halfClose ends the requests after those queued.
func (c *streamCall) halfClose() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return errHalfClosed
	}
	c.closed = true
	signal(c.toSend)
	return nil
}

// receive allows more responses; 0 stands for all.
func (c *streamCall) receive(credit uint32) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.unlimited = credit == 0
	c.credit += credit
	signal(c.toRead)
	return nil
}

// cancel ends the call.
func (c *streamCall) cancel() error {
	c.stop()
	return nil
}

// run makes the call and reports what it gives but the status, which it returns.
func (c *streamCall) run(options []grpc.CallOption) (trailer metadata.MD, unsent int, err error) {
	defer c.stop()
	s, err := c.open(options)
	if err != nil {
		return nil, c.unsent(), err
	}
	var sender sync.WaitGroup
	if s.send != nil {
		sender.Go(func() { c.sendAll(s) })
	}
	// Where the call ends without initial metadata, Header gives none and no error: recv has it.
	if header, _ := s.Header(); header != nil {
		c.report.headers(header)
	}
	err = c.receiveAll(s)
	c.stop()
	sender.Wait()
	return s.Trailer(), c.unsent(), err
}

func (c *streamCall) open(options []grpc.CallOption) (*stream, error) {
	if c.method.sends {
		return c.method.open(c.ctx, nil, options...)
	}
	request := c.requests[0]
	c.requests = nil // handed to the library
	return c.method.open(c.ctx, request, options...)
}

// receiveAll reports the responses, as many as the credit allows, until the call ends with the error it
// returns. A call that is cancelled while it waits for credit reads on to its status and reports nothing
// of what lies before that.
func (c *streamCall) receiveAll(s *stream) error {
	for {
		wanted := c.awaitCredit()
		response, err := s.recv()
		if err != nil {
			return err
		}
		if wanted {
			c.report.response(response)
		}
		if c.method.single {
			return nil
		}
	}
}

// awaitCredit takes one credit; it returns false where the call ended before there was any.
func (c *streamCall) awaitCredit() bool {
	for {
		if c.takeCredit() {
			return true
		}
		select {
		case <-c.toRead:
		case <-c.ctx.Done():
			return false
		}
	}
}

func (c *streamCall) takeCredit() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.unlimited {
		return true
	}
	if c.credit == 0 {
		return false
	}
	c.credit--
	return true
}

// sendAll hands the requests to the library until they end or the call does; recv tells why.
func (c *streamCall) sendAll(s *stream) {
	for {
		request, closed := c.nextRequest()
		switch {
		case request != nil:
			if err := s.send(request); err != nil {
				return
			}
			c.requestSent()
		case closed:
			// It always returns nil.
			_ = s.CloseSend()
			return
		default:
			select {
			case <-c.toSend:
			case <-c.ctx.Done():
				return
			}
		}
	}
}

// nextRequest returns the request to send next, or nil and whether there will be none.
func (c *streamCall) nextRequest() (request *sessionpb.Request, closed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.requests) > 0 {
		return c.requests[0], false
	}
	return nil, c.closed
}

func (c *streamCall) requestSent() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests = c.requests[1:]
}

func (c *streamCall) unsent() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.requests)
}

func signal(token chan struct{}) {
	select {
	case token <- struct{}{}:
	default:
	}
}
