package listener

import (
	"context"
	"log/slog"
	"net"
	"sync"
	"time"

	"google.golang.org/grpc/credentials"
)

// conns is a net.Listener that knows which of its connections have not finished their handshakes.
type conns struct {
	net.Listener

	mu         sync.Mutex
	unfinished map[*conn]struct{}
	draining   bool
}

func newConns(listener net.Listener) *conns {
	return &conns{Listener: listener, unfinished: make(map[*conn]struct{})}
}

// Accept waits for a connection.
func (c *conns) Accept() (net.Conn, error) {
	raw, err := c.Listener.Accept()
	if err != nil {
		return nil, err
	}
	accepted := &conn{Conn: raw, conns: c}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.unfinished[accepted] = struct{}{}
	if c.draining {
		raw.Close()
	}
	return accepted, nil
}

// closeUnfinished closes the connections, present and future, that have not finished their handshakes.
func (c *conns) closeUnfinished() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.draining = true
	for unfinished := range c.unfinished {
		unfinished.Conn.Close()
	}
}

func (c *conns) finished(conn *conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.unfinished, conn)
}

type conn struct {
	net.Conn

	conns *conns
}

// SetDeadline sets the deadline of reads and writes. grpc-go lifts it when the handshakes, TLS and HTTP/2,
// are over.
func (c *conn) SetDeadline(t time.Time) error {
	if t.IsZero() {
		c.conns.finished(c)
	}
	return c.Conn.SetDeadline(t)
}

// Close closes the connection.
func (c *conn) Close() error {
	c.conns.finished(c)
	return c.Conn.Close()
}

// loggedCredentials logs each handshake that fails, in one line.
type loggedCredentials struct {
	credentials.TransportCredentials

	log *slog.Logger
}

// ServerHandshake secures a connection.
func (c *loggedCredentials) ServerHandshake(raw net.Conn) (net.Conn, credentials.AuthInfo, error) {
	secured, info, err := c.TransportCredentials.ServerHandshake(raw)
	if err != nil {
		c.log.LogAttrs(context.Background(), slog.LevelWarn, "handshake failed",
			slog.String("peer", raw.RemoteAddr().String()), slog.String("error", err.Error()))
	}
	return secured, info, err
}

// Clone returns a copy.
func (c *loggedCredentials) Clone() credentials.TransportCredentials {
	return &loggedCredentials{c.TransportCredentials.Clone(), c.log}
}
