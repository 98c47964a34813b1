// Package directive is conformance mode: it does to a call what the directive in its metadata says,
// without the handlers knowing.
package directive

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"tofusoup.dev/stock/go/headers"
	"tofusoup.dev/stock/go/sessionpb"
	"tofusoup.dev/stock/go/store"
)

const (
	metadataKey = "stock-directive-bin"
	detailsKey  = "grpc-status-details-bin"
)

var errBadDirective = status.Error(codes.InvalidArgument, "bad directive")

// A Director obeys directives. It is both the interceptors of a server and its stats.Handler, which sees
// what interceptors do not: the request's encoding, and calls that end before a handler runs.
type Director struct {
	stores *store.Stores
	report func(tag string, observation *sessionpb.Observation)
	log    *slog.Logger
}

// New returns a Director over stores. When a call with a tag has ended, report is called once, from any
// goroutine; it must not block. A nil report stands for nobody to tell.
func New(stores *store.Stores, log *slog.Logger, report func(string, *sessionpb.Observation)) *Director {
	return &Director{stores: stores, report: report, log: log}
}

// Unary is the interceptor of unary calls.
func (d *Director) Unary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (_ any, err error) {
	call := fromContext(ctx)
	if call == nil {
		return next(ctx, req)
	}
	defer func() { call.handled(err) }()
	if err := d.begin(ctx, call.directive); err != nil {
		return nil, err
	}
	if fail := call.directive.GetFail(); fail != nil {
		return nil, statusOf(ctx, fail)
	}
	return next(store.NewContext(ctx, d.stores.Named(call.directive.GetStore())), req)
}

// Stream is the interceptor of all other calls.
func (d *Director) Stream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) (err error) {
	call := fromContext(stream.Context())
	if call == nil {
		return next(srv, stream)
	}
	defer func() { call.handled(err) }()
	ctx := stream.Context()
	if err := d.begin(ctx, call.directive); err != nil {
		return err
	}
	fail := call.directive.GetFail()
	if fail != nil && fail.GetAfter() == 0 {
		return statusOf(ctx, fail)
	}
	return next(srv, &directedStream{
		ServerStream: stream,
		ctx:          store.NewContext(ctx, d.stores.Named(call.directive.GetStore())),
		fail:         fail,
		countSent:    info.IsServerStream,
	})
}

// begin does what a directive asks for before the handler.
func (d *Director) begin(ctx context.Context, directive *sessionpb.Directive) error {
	if directive == nil {
		return errBadDirective
	}
	if directive.GetCompress() {
		if err := grpc.SetSendCompressor(ctx, gzip.Name); err != nil {
			d.log.Warn("cannot compress", "error", err) // the peer does not accept gzip
		}
	}
	if err := d.sendMetadata(ctx, directive); err != nil {
		return fmt.Errorf("sending the directive's metadata: %w", err)
	}
	if err := wait(ctx, time.Duration(directive.GetDelayMs())*time.Millisecond); err != nil {
		return err
	}
	if directive.GetThrow() {
		panic("thrown for a directive")
	}
	return nil
}

func (d *Director) sendMetadata(ctx context.Context, directive *sessionpb.Directive) error {
	if err := grpc.SetTrailer(ctx, headers.ToMD(directive.GetTrailers())); err != nil {
		return err
	}
	if err := grpc.SetHeader(ctx, headers.ToMD(directive.GetHeaders())); err != nil {
		return err
	}
	if !directive.GetHeadersFirst() {
		return nil
	}
	return grpc.SendHeader(ctx, nil)
}

// wait returns after d, or with the status of a context that ends before.
func wait(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// decode returns nil for what is no directive.
func decode(value string) *sessionpb.Directive {
	directive := &sessionpb.Directive{}
	if err := proto.Unmarshal([]byte(value), directive); err != nil {
		return nil
	}
	if fail := directive.GetFail(); fail != nil && (fail.GetCode() < 1 || fail.GetCode() > 16) {
		return nil
	}
	return directive
}

// statusOf returns the status to end a call with. The details go out as they are, not as grpc-go would
// write them anew.
func statusOf(ctx context.Context, fail *sessionpb.Fail) error {
	if len(fail.GetDetails()) > 0 {
		if err := grpc.SetTrailer(ctx, metadata.Pairs(detailsKey, string(fail.GetDetails()))); err != nil {
			return fmt.Errorf("setting the status' details: %w", err)
		}
	}
	return status.Error(codes.Code(fail.GetCode()), fail.GetMessage())
}

// A directedStream gives the handler its store, and fails after the number of messages a Fail names.
type directedStream struct {
	grpc.ServerStream

	ctx       context.Context
	fail      *sessionpb.Fail // nil: never
	countSent bool            // whether messages sent count, or those read
	count     uint32
}

// Context returns the call's context with the store.
func (s *directedStream) Context() context.Context { return s.ctx }

// SendMsg sends a message; it fails, though that message is sent, with the last one before the Fail.
func (s *directedStream) SendMsg(m any) error {
	if err := s.ServerStream.SendMsg(m); err != nil || !s.countSent {
		return err
	}
	s.count++
	return s.due()
}

// RecvMsg reads a message, or fails instead of reading one too many.
func (s *directedStream) RecvMsg(m any) error {
	if s.countSent {
		return s.ServerStream.RecvMsg(m)
	}
	if err := s.due(); err != nil {
		return err
	}
	s.count++
	return s.ServerStream.RecvMsg(m)
}

func (s *directedStream) due() error {
	if s.fail == nil || s.count < s.fail.GetAfter() {
		return nil
	}
	return statusOf(s.ctx, s.fail)
}
