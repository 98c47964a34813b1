package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/metadata"

	"tofusoup.dev/stock/go/headers"
	"tofusoup.dev/stock/go/sessionpb"
)

var (
	errHalfClosed   = errors.New("call: its requests have ended")
	errWrongRequest = errors.New("requests: one is not of the rpc's type")
)

// A call is a running call, as commands reach it.
type call interface {
	send(requests []*sessionpb.Request) error
	halfClose() error
	receive(credit uint32) error
	cancel() error
}

// start begins a call, in a goroutine of its own. c.mu is held.
func (c *client) start(command *sessionpb.Start) error {
	open := c.channels[command.GetChannel()]
	if open == nil {
		return fmt.Errorf("channel: %d given, which is not open", command.GetChannel())
	}
	m, ok := open.methods[command.GetRpc()]
	if !ok {
		return fmt.Errorf("rpc: %v given, a method expected", command.GetRpc())
	}
	if err := c.checkStart(command, m); err != nil {
		return err
	}
	c.highest = command.GetCall()
	// Its clock starts before the deadline's.
	report := newReport(command.GetCall(), c.out)
	ctx, cancel := callContext(open.ctx, command)
	if m.unary != nil {
		c.running[command.GetCall()] = unaryCall{cancel}
		open.running.Go(func() { c.runUnary(ctx, cancel, command, m, report) })
		return nil
	}
	stream := newStreamCall(ctx, cancel, command, m, report)
	c.running[command.GetCall()] = stream
	open.running.Go(func() { c.runStream(stream, command) })
	return nil
}

func (c *client) checkStart(command *sessionpb.Start, m method) error {
	if command.GetCall() <= c.highest {
		return fmt.Errorf("call: %d given, a number over %d expected", command.GetCall(), c.highest)
	}
	if command.GetTimeoutNs() < 0 {
		return fmt.Errorf("timeout_ns: %d given, 0 or more expected", command.GetTimeoutNs())
	}
	if n := len(command.GetRequests()); n != 1 && !m.sends {
		return fmt.Errorf("requests: %d given, %v takes exactly 1", n, command.GetRpc())
	}
	for _, request := range command.GetRequests() {
		if !m.accepts(request) {
			return errWrongRequest
		}
	}
	return nil
}

func callContext(ctx context.Context, command *sessionpb.Start) (context.Context, context.CancelFunc) {
	if len(command.GetMetadata().GetEntries()) > 0 {
		ctx = metadata.NewOutgoingContext(ctx, headers.ToMD(command.GetMetadata()))
	}
	if timeout := command.GetTimeoutNs(); timeout > 0 {
		return context.WithTimeout(ctx, time.Duration(timeout))
	}
	return context.WithCancel(ctx)
}

func callOptions(command *sessionpb.Start) []grpc.CallOption {
	options := make([]grpc.CallOption, 0, 4)
	if command.GetWaitForReady() {
		options = append(options, grpc.WaitForReady(true))
	}
	if command.GetCompress() {
		options = append(options, grpc.UseCompressor(gzip.Name))
	}
	return options
}

func (c *client) runUnary(ctx context.Context, cancel func(), command *sessionpb.Start, m method, report *report) {
	defer cancel()
	var header, trailer metadata.MD
	options := append(callOptions(command), grpc.Header(&header), grpc.Trailer(&trailer))
	response, err := m.unary(ctx, command.GetRequests()[0], options...)
	c.ended(command.GetCall())
	report.unary(response, header, trailer, err)
}

func (c *client) runStream(stream *streamCall, command *sessionpb.Start) {
	trailer, unsent, err := stream.run(callOptions(command))
	c.ended(command.GetCall())
	stream.report.status(err, trailer, unsent)
}

// ended forgets a call, before its status is reported: what comes for it then is passed over.
func (c *client) ended(number uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.running, number)
}

// A unaryCall has sent its request and waits for its end.
type unaryCall struct {
	stop context.CancelFunc
}

func (unaryCall) send([]*sessionpb.Request) error { return errHalfClosed }

func (unaryCall) halfClose() error { return errHalfClosed }

func (unaryCall) receive(uint32) error { return nil }

func (c unaryCall) cancel() error {
	c.stop()
	return nil
}
