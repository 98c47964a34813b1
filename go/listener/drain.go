package listener

import (
	"context"
	"time"
)

const (
	// farewell is how long peers without a call may take to acknowledge the GOAWAY.
	farewell = 200 * time.Millisecond
	// AbortTimeout is how long the ends of aborted calls may take: their handlers have been cancelled.
	AbortTimeout = 500 * time.Millisecond
)

// Drain refuses new connections, ends the streams that have no end of their own and lets the other calls
// go on until ctx ends, which aborts them. It returns when no call is left, and at most AbortTimeout after
// the end of ctx, whatever the peers do.
func (l *Listener) Drain(ctx context.Context) {
	l.health.Shutdown()
	l.calls.drain()
	l.conns.closeUnfinished() // GracefulStop would wait for them before it sends a GOAWAY
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		l.server.GracefulStop()
	}()
	l.awaitCalls(ctx, stopped)
	l.abort(stopped)
}

// awaitCalls returns when all connections have closed, when those left carry no call, or when ctx ends.
func (l *Listener) awaitCalls(ctx context.Context, stopped <-chan struct{}) {
	for {
		select {
		case <-stopped:
			return
		case <-ctx.Done():
			return
		case <-l.calls.none():
		}
		timer := time.NewTimer(farewell)
		select {
		case <-stopped:
		case <-ctx.Done():
		case <-timer.C:
			if l.calls.running() == 0 {
				return
			}
		}
		timer.Stop()
	}
}

// abort closes what connections are left. Stop waits for peers that do not read, so nobody waits for Stop
// beyond the timeout.
func (l *Listener) abort(stopped <-chan struct{}) {
	go l.server.Stop()
	timer := time.NewTimer(AbortTimeout)
	defer timer.Stop()
	for _, done := range []<-chan struct{}{stopped, l.served, l.calls.none()} {
		select {
		case <-done:
		case <-timer.C:
			return
		}
	}
}
