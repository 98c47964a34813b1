package directive

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"strings"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"tofusoup.dev/stock/go/headers"
	"tofusoup.dev/stock/go/sessionpb"
)

// A call is one call under a directive.
type call struct {
	directive *sessionpb.Directive // nil: it did not decode

	observation *sessionpb.Observation // nil: nobody asked; complete when the call has ended
	read, sent  atomic.Uint32
	ctx         context.Context // the transport's
	ran         bool            // whether the interceptor ran, and so knows how the call ended
}

type contextKey struct{}

func fromContext(ctx context.Context) *call {
	c, _ := ctx.Value(contextKey{}).(*call)
	return c
}

// TagRPC attaches its directive to a call.
func (d *Director) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context {
	values := metadata.ValueFromIncomingContext(ctx, metadataKey)
	if len(values) == 0 {
		return ctx
	}
	c := &call{directive: decode(values[0]), ctx: ctx}
	if c.directive.GetTag() != "" && d.report != nil {
		c.observation = &sessionpb.Observation{}
		if deadline, ok := ctx.Deadline(); ok {
			c.observation.DeadlineNs = proto.Int64(time.Until(deadline).Nanoseconds())
		}
		observePeer(ctx, c.observation)
	}
	return context.WithValue(ctx, contextKey{}, c)
}

// HandleRPC follows a call to its end and reports it then.
func (d *Director) HandleRPC(ctx context.Context, event stats.RPCStats) {
	c := fromContext(ctx)
	if c == nil || c.observation == nil {
		return
	}
	switch event := event.(type) {
	case *stats.InHeader:
		c.observation.Metadata = headers.FromMD(event.Header)
		c.observation.RequestEncoding = strings.ToValidUTF8(event.Compression, "\uFFFD")
	case *stats.InPayload:
		c.read.Add(1)
	case *stats.OutPayload:
		c.sent.Add(1)
	case *stats.End:
		c.observation.MessagesRead = c.read.Load()
		c.observation.MessagesSent = c.sent.Load()
		if !c.ran {
			c.observation.Cancelled = endedByPeer(event.Error)
		}
		d.report(c.directive.GetTag(), c.observation)
	}
}

// TagConn is part of stats.Handler.
func (d *Director) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }

// HandleConn is part of stats.Handler.
func (d *Director) HandleConn(context.Context, stats.ConnStats) {}

// handled notes how the handler ended. Not later: grpc-go cancels the context of every call that is over.
func (c *call) handled(err error) {
	c.ran = true
	if c.observation != nil {
		c.observation.Cancelled = c.ctx.Err() != nil && (err == nil || endedByPeer(err))
	}
}

// endedByPeer tells the error of a call that was cancelled, ran out of time or lost its connection from that
// of one which grpc-go ended for its content: its context is cancelled as well.
func endedByPeer(err error) bool {
	failed, ok := status.FromError(err)
	if !ok {
		failed = status.FromContextError(err)
	}
	switch failed.Code() {
	case codes.Canceled, codes.DeadlineExceeded, codes.Unavailable:
		return true
	default:
		return false
	}
}

func observePeer(ctx context.Context, observation *sessionpb.Observation) {
	p, ok := peer.FromContext(ctx)
	if !ok {
		return
	}
	info, ok := p.AuthInfo.(credentials.TLSInfo)
	if !ok {
		return
	}
	switch info.State.Version {
	case tls.VersionTLS12:
		observation.TlsVersion = "1.2"
	case tls.VersionTLS13:
		observation.TlsVersion = "1.3"
	}
	if certificates := info.State.PeerCertificates; len(certificates) > 0 {
		block := &pem.Block{Type: "CERTIFICATE", Bytes: certificates[0].Raw}
		observation.PeerCertificatePem = pem.EncodeToMemory(block)
	}
}
