package session

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"net/netip"
	"strconv"
	"sync"

	grpccredentials "google.golang.org/grpc/credentials"

	"tofusoup.dev/stock/go/calls"
	"tofusoup.dev/stock/go/credentials"
	"tofusoup.dev/stock/go/sessionpb"
)

// A client obeys the commands of a runner to a stock_client.
type client struct {
	ctx context.Context // of every call
	out *output
	log *slog.Logger

	mu       sync.Mutex
	ending   bool                // nothing is obeyed any more
	channels map[uint32]*channel // nil: closed
	running  map[uint32]call
	highest  uint32 // number of the last call started
	closing  sync.WaitGroup
}

// A channel is what calls run on.
type channel struct {
	*calls.Channel

	methods map[sessionpb.Rpc]method
	ctx     context.Context // of its calls
	cancel  context.CancelFunc
	running sync.WaitGroup
}

// Call runs the calls that a runner asks for, until input ends or ctx does; then it cancels them all. The
// error tells that input is not a stream of frames.
func Call(ctx context.Context, input io.Reader, output io.Writer, log *slog.Logger) error {
	out := begin(output, log, sessionpb.Role_ROLE_CLIENT, "gzip_request", "wait_for_ready")
	defer out.close()
	c := &client{
		ctx:      ctx,
		out:      out,
		log:      log,
		channels: make(map[uint32]*channel),
		running:  make(map[uint32]call),
	}
	err := obeyUntil(ctx, input, out, c.obey)
	c.end()
	return err
}

func (c *client) obey(command *sessionpb.Command) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ending {
		return errEnding
	}
	switch command := command.GetCommand().(type) {
	case *sessionpb.Command_OpenChannel:
		return c.openChannel(command.OpenChannel)
	case *sessionpb.Command_CloseChannel:
		return c.closeChannel(command.CloseChannel.GetChannel())
	case *sessionpb.Command_Start:
		return c.start(command.Start)
	case *sessionpb.Command_Send:
		return c.withCall(command.Send.GetCall(), func(call call) error { return call.send(command.Send.GetRequests()) })
	case *sessionpb.Command_HalfClose:
		return c.withCall(command.HalfClose.GetCall(), call.halfClose)
	case *sessionpb.Command_Receive:
		return c.withCall(command.Receive.GetCall(), func(call call) error { return call.receive(command.Receive.GetCredit()) })
	case *sessionpb.Command_Cancel:
		return c.withCall(command.Cancel.GetCall(), call.cancel)
	default:
		return fmt.Errorf("command: %T given, one for a client expected", command)
	}
}

// openChannel makes a channel. c.mu is held.
func (c *client) openChannel(command *sessionpb.OpenChannel) error {
	number := command.GetChannel()
	if _, used := c.channels[number]; used || number == 0 {
		return fmt.Errorf("channel: %d given, a new number from 1 expected", number)
	}
	endpoint, err := endpointOf(command)
	if err != nil {
		return err
	}
	opened, err := calls.Open(endpoint)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(c.ctx)
	c.channels[number] = &channel{Channel: opened, methods: methodsOf(opened), ctx: ctx, cancel: cancel}
	return nil
}

func endpointOf(command *sessionpb.OpenChannel) (calls.Endpoint, error) {
	host, err := netip.ParseAddr(command.GetHost())
	if err != nil {
		return calls.Endpoint{}, fmt.Errorf("host: %q given, a literal address expected", command.GetHost())
	}
	if port := command.GetPort(); port == 0 || port > math.MaxUint16 {
		return calls.Endpoint{}, fmt.Errorf("port: %d given, 1 to %d expected", port, math.MaxUint16)
	}
	material, err := clientCredentials(command)
	return calls.Endpoint{
		Address:         net.JoinHostPort(host.String(), strconv.Itoa(int(command.GetPort()))),
		Credentials:     material,
		Authority:       command.GetServerName(),
		MaxReceiveBytes: int(command.GetMaxReceiveBytes()),
	}, err
}

func clientCredentials(command *sessionpb.OpenChannel) (grpccredentials.TransportCredentials, error) {
	roots := nonNil(command.GetRootsPem())
	switch command.GetSecurity() {
	case sessionpb.Security_SECURITY_PLAINTEXT:
		return nil, nil
	case sessionpb.Security_SECURITY_TLS:
		return credentials.Client(roots, nil, command.GetServerName())
	case sessionpb.Security_SECURITY_MTLS:
		if command.GetIdentity() == nil {
			return credentials.Client(roots, nil, command.GetServerName())
		}
		identity := identityOf(command.GetIdentity())
		return credentials.Client(roots, &identity, command.GetServerName())
	default:
		return nil, fmt.Errorf("security: %v given, plaintext, tls or mtls expected", command.GetSecurity())
	}
}

// closeChannel cancels the calls of a channel and then closes it: the other way round they would end as
// unavailable. c.mu is held.
func (c *client) closeChannel(number uint32) error {
	open := c.channels[number]
	if open == nil {
		return fmt.Errorf("channel: %d given, which is not open", number)
	}
	c.channels[number] = nil
	open.cancel()
	c.closing.Go(func() {
		open.running.Wait()
		if err := open.Close(); err != nil {
			c.log.Warn("cannot close a channel", "channel", number, "error", err)
		}
	})
	return nil
}

// withCall does something to a running call. One that has ended is passed over: the runner could not know
// yet. c.mu is held.
func (c *client) withCall(number uint32, do func(call) error) error {
	if running, ok := c.running[number]; ok {
		return do(running)
	}
	if number == 0 || number > c.highest {
		return fmt.Errorf("call: %d given, which never was one", number)
	}
	return nil
}

// end cancels what is open and waits for its end, but not for peers that hold a connection.
func (c *client) end() {
	c.mu.Lock()
	c.ending = true
	for number, open := range c.channels {
		if open != nil {
			// It is open: there is no error.
			_ = c.closeChannel(number)
		}
	}
	c.mu.Unlock()
	wait(&c.closing, closeTimeout)
}
