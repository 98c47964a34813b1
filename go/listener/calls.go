package listener

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
	reflectionalphapb "google.golang.org/grpc/reflection/grpc_reflection_v1alpha"
	"google.golang.org/grpc/status"

	"tofusoup.dev/stock/go/stockpb"
)

var (
	errDraining = status.Error(codes.Unavailable, "server shutting down")
	errPanicked = status.Error(codes.Internal, "the handler failed")
)

// calls are the calls of a listener: it counts them, survives their panics and ends at the drain those
// that have no end of their own.
type calls struct {
	log      *slog.Logger
	draining context.Context // ends with errDraining
	drain    func()

	mu    sync.Mutex
	count int
	idle  chan struct{} // closed while count is 0
}

func newCalls(log *slog.Logger) *calls {
	draining, cancel := context.WithCancelCause(context.Background())
	idle := make(chan struct{})
	close(idle)
	return &calls{log: log, draining: draining, drain: func() { cancel(errDraining) }, idle: idle}
}

func (c *calls) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (_ any, err error) {
	c.begin()
	defer c.end(info.FullMethod, &err)
	if err := answerUncompressed(ctx); err != nil {
		return nil, err
	}
	return next(ctx, req)
}

func (c *calls) stream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) (err error) {
	c.begin()
	defer c.end(info.FullMethod, &err)
	if err := answerUncompressed(stream.Context()); err != nil {
		return err
	}
	switch info.FullMethod {
	case stockpb.Stock_Monitor_FullMethodName,
		reflectionpb.ServerReflection_ServerReflectionInfo_FullMethodName,
		reflectionalphapb.ServerReflection_ServerReflectionInfo_FullMethodName:
		return c.untilDrain(srv, stream, next)
	case healthpb.Health_Watch_FullMethodName:
		return c.untilNotServing(srv, stream, next)
	default:
		return next(srv, stream)
	}
}

// answerUncompressed is for calls that nobody has asked to compress: grpc-go would answer in the encoding of
// the requests, whether the caller reads it or not.
func answerUncompressed(ctx context.Context) error {
	return grpc.SetSendCompressor(ctx, encoding.Identity)
}

func (c *calls) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count == 0 {
		c.idle = make(chan struct{})
	}
	c.count++
}

// end is deferred by the interceptors: it turns a panic into a status.
func (c *calls) end(method string, err *error) {
	if fault := recover(); fault != nil {
		c.log.Error("handler panicked", "method", method, "fault", fmt.Sprint(fault), "at", panicSite())
		*err = errPanicked
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count--
	if c.count == 0 {
		close(c.idle)
	}
}

// panicSite returns where the panic being recovered from began: a whole stack would fill the log.
func panicSite() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	panicked := false
	for {
		frame, more := frames.Next()
		inRuntime := strings.HasPrefix(frame.Function, "runtime.")
		if panicked && !inRuntime || !more {
			return fmt.Sprintf("%s:%d", frame.Function, frame.Line)
		}
		panicked = panicked || frame.Function == "runtime.gopanic"
	}
}

func (c *calls) running() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count
}

// none returns a channel that is closed when no call runs.
func (c *calls) none() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.idle
}

// untilDrain runs a handler whose context ends at the drain; then so does the call, with errDraining.
func (c *calls) untilDrain(srv any, stream grpc.ServerStream, next grpc.StreamHandler) error {
	ctx, cancel := context.WithCancelCause(stream.Context())
	defer cancel(nil)
	defer context.AfterFunc(c.draining, func() { cancel(errDraining) })()
	return run(&endingStream{ServerStream: stream, ctx: ctx}, ctx, srv, next)
}

// untilNotServing is untilDrain for a Watch, which first tells that the service no longer serves.
func (c *calls) untilNotServing(srv any, stream grpc.ServerStream, next grpc.StreamHandler) error {
	ctx, cancel := context.WithCancelCause(stream.Context())
	defer cancel(nil)
	watch := &watchStream{
		endingStream: endingStream{ServerStream: stream, ctx: ctx},
		end:          func() { cancel(errDraining) },
		serving:      true, // the first status is still to come
	}
	defer context.AfterFunc(c.draining, watch.drain)()
	return run(watch, ctx, srv, next)
}

func run(stream grpc.ServerStream, ctx context.Context, srv any, next grpc.StreamHandler) error {
	err := next(srv, stream)
	if context.Cause(ctx) == errDraining {
		return errDraining
	}
	return err
}
