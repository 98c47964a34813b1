// Package listener is the life of a server: a socket with every service behind it, from the bind to the
// end of its drain.
package listener

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	_ "google.golang.org/grpc/encoding/gzip" // requests and responses may be compressed with it
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/reflection"

	"tofusoup.dev/stock/go/about"
	"tofusoup.dev/stock/go/directive"
	"tofusoup.dev/stock/go/kvpb"
	"tofusoup.dev/stock/go/service"
	"tofusoup.dev/stock/go/stockpb"
	"tofusoup.dev/stock/go/store"
)

const (
	maxStreams       = 100 // concurrent, of one connection
	maxMetadataBytes = 16 << 10
	handshakeTimeout = 10 * time.Second
)

// A Config says where and how a Listener serves.
type Config struct {
	Host            string
	Port            uint16                           // 0: any free one
	Security        string                           // plaintext, tls or mtls: what Inventory says
	Credentials     credentials.TransportCredentials // nil: plaintext
	MaxReceiveBytes int                              // 0: 4 MiB, which is also grpc-go's own
	Stores          *store.Stores
	Director        *directive.Director // nil: directives are ignored
	Log             *slog.Logger
}

// A Listener accepts connections from Listen to Drain.
type Listener struct {
	address netip.AddrPort
	server  *grpc.Server
	health  *health.Server
	calls   *calls
	conns   *conns
	served  chan struct{} // closed when the server no longer accepts
}

// Listen binds and serves. It fails where it cannot bind; else the caller drains the Listener.
func Listen(config Config) (*Listener, error) {
	socket, err := net.Listen("tcp", net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port))))
	if err != nil {
		return nil, fmt.Errorf("cannot bind: %w", err)
	}
	l := &Listener{
		address: socket.Addr().(*net.TCPAddr).AddrPort(),
		health:  health.NewServer(),
		calls:   newCalls(config.Log),
		conns:   newConns(socket),
		served:  make(chan struct{}),
	}
	l.server = grpc.NewServer(serverOptions(config, l.calls)...)
	l.register(config)
	go func() {
		defer close(l.served)
		// Drained before it began, Serve says so: nothing is wrong.
		if err := l.server.Serve(l.conns); err != nil && !errors.Is(err, grpc.ErrServerStopped) {
			config.Log.Error("serving ended", "address", l.address, "error", err)
		}
	}()
	return l, nil
}

// Address returns the address bound.
func (l *Listener) Address() netip.AddrPort { return l.address }

func (l *Listener) register(config Config) {
	description := service.Description{
		Version: about.Version,
		Started: time.Now(),
		Metadata: map[string]string{
			"language":  about.Language,
			"runtime":   about.Runtime(),
			"library":   about.Library,
			"transport": about.Transport,
			"tls_stack": about.TLSStack,
			"security":  config.Security,
		},
	}
	stockpb.RegisterStockServer(l.server, service.NewStock(config.Stores, description))
	kvpb.RegisterKVServer(l.server, service.NewKV(config.Stores))
	healthpb.RegisterHealthServer(l.server, l.health)
	for _, name := range []string{"", stockpb.Stock_ServiceDesc.ServiceName, kvpb.KV_ServiceDesc.ServiceName} {
		l.health.SetServingStatus(name, healthpb.HealthCheckResponse_SERVING)
	}
	reflection.Register(l.server) // v1 and v1alpha
}

func serverOptions(config Config, calls *calls) []grpc.ServerOption {
	unary := []grpc.UnaryServerInterceptor{calls.unary}
	stream := []grpc.StreamServerInterceptor{calls.stream}
	options := []grpc.ServerOption{
		grpc.MaxConcurrentStreams(maxStreams),
		grpc.MaxHeaderListSize(maxMetadataBytes),
		grpc.ConnectionTimeout(handshakeTimeout),
	}
	if config.MaxReceiveBytes != 0 {
		options = append(options, grpc.MaxRecvMsgSize(config.MaxReceiveBytes))
	}
	if config.Credentials != nil {
		options = append(options, grpc.Creds(&loggedCredentials{config.Credentials, config.Log}))
	}
	if config.Director != nil {
		unary = append(unary, config.Director.Unary)
		stream = append(stream, config.Director.Stream)
		options = append(options, grpc.StatsHandler(config.Director))
	}
	return append(options, grpc.ChainUnaryInterceptor(unary...), grpc.ChainStreamInterceptor(stream...))
}
