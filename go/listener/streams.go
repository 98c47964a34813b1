package listener

import (
	"context"
	"sync"

	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

// An endingStream is a stream whose reads end with its context, which may end before the call.
type endingStream struct {
	grpc.ServerStream

	ctx context.Context
}

// Context returns the context that ends early.
func (s *endingStream) Context() context.Context { return s.ctx }

// RecvMsg reads a message. When the context ends it returns the cause at once; the read it leaves behind
// ends with the call, which the caller ends now.
func (s *endingStream) RecvMsg(m any) error {
	done := make(chan error, 1)
	go func() { done <- s.ServerStream.RecvMsg(m) }()
	select {
	case err := <-done:
		return err
	case <-s.ctx.Done():
		return context.Cause(s.ctx)
	}
}

// A watchStream ends at the drain, but not before its peer knows that the service does not serve.
type watchStream struct {
	endingStream

	end func()

	mu               sync.Mutex
	serving, drained bool
}

// SendMsg sends a health status.
func (s *watchStream) SendMsg(m any) error {
	err := s.ServerStream.SendMsg(m)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serving = m.(*healthpb.HealthCheckResponse).GetStatus() == healthpb.HealthCheckResponse_SERVING
	s.endIfDue()
	return err
}

func (s *watchStream) drain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drained = true
	s.endIfDue()
}

// endIfDue ends the stream where everything has been told. s.mu is held.
func (s *watchStream) endIfDue() {
	if s.drained && !s.serving {
		s.end()
	}
}
