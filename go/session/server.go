package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/netip"
	"sync"
	"time"

	"tofusoup.dev/stock/go/credentials"
	"tofusoup.dev/stock/go/directive"
	"tofusoup.dev/stock/go/listener"
	"tofusoup.dev/stock/go/sessionpb"
	"tofusoup.dev/stock/go/store"
)

var errEnding = errors.New("the session is ending")

// A server obeys the commands of a runner to a stock_server.
type server struct {
	stores   *store.Stores
	director *directive.Director
	out      *output
	log      *slog.Logger
	drains   sync.WaitGroup

	mu        sync.Mutex
	ending    bool                          // nothing is obeyed any more
	listeners map[uint32]*listener.Listener // nil: closed
}

// Serve runs the listeners that a runner asks for, until input ends or ctx does; then it drains them all
// within grace. The error tells that input is not a stream of frames.
func Serve(ctx context.Context, input io.Reader, output io.Writer, grace time.Duration, log *slog.Logger) error {
	out := begin(output, log, sessionpb.Role_ROLE_SERVER, "gzip_response", "reflection_v1", "reflection_v1alpha",
		"observe_peer", "observe_tls", "observe_encoding")
	defer out.close()
	stores := store.NewStores()
	s := &server{
		stores:    stores,
		director:  directive.New(stores, log, reportTo(out)),
		out:       out,
		log:       log,
		listeners: make(map[uint32]*listener.Listener),
	}
	err := obeyUntil(ctx, input, out, s.obey)
	s.end(grace)
	return err
}

func reportTo(out *output) func(string, *sessionpb.Observation) {
	return func(tag string, observation *sessionpb.Observation) {
		observed := &sessionpb.Observed{Tag: tag, Observation: observation}
		out.send(&sessionpb.Event{Event: &sessionpb.Event_Observed{Observed: observed}})
	}
}

func (s *server) obey(command *sessionpb.Command) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending {
		return errEnding
	}
	switch command := command.GetCommand().(type) {
	case *sessionpb.Command_Listen:
		return s.listen(command.Listen)
	case *sessionpb.Command_Stop:
		return s.stop(command.Stop)
	case *sessionpb.Command_Forget:
		s.stores.Forget(command.Forget.GetStores()...)
		return nil
	default:
		return fmt.Errorf("command: %T given, listen, stop or forget expected", command)
	}
}

// listen opens a listener. s.mu is held.
func (s *server) listen(command *sessionpb.Listen) error {
	number := command.GetListener()
	if _, used := s.listeners[number]; used || number == 0 {
		return fmt.Errorf("listener: %d given, a new number from 1 expected", number)
	}
	config, err := s.config(command)
	if err != nil {
		return err
	}
	opened, err := listener.Listen(config)
	if err != nil {
		return err
	}
	s.listeners[number] = opened
	listening := &sessionpb.Listening{Listener: number, Port: uint32(opened.Address().Port())}
	s.out.send(&sessionpb.Event{Event: &sessionpb.Event_Listening{Listening: listening}})
	return nil
}

func (s *server) config(command *sessionpb.Listen) (listener.Config, error) {
	config := listener.Config{
		Host:            command.GetHost(),
		Port:            uint16(command.GetPort()),
		Security:        securities[command.GetSecurity()],
		MaxReceiveBytes: int(command.GetMaxReceiveBytes()),
		Stores:          s.stores,
		Director:        s.director,
		Log:             s.log,
	}
	host, err := netip.ParseAddr(command.GetHost())
	switch {
	case err != nil:
		return config, fmt.Errorf("host: %q given, a literal address expected", command.GetHost())
	case command.GetPort() > math.MaxUint16:
		return config, fmt.Errorf("port: %d given, at most %d expected", command.GetPort(), math.MaxUint16)
	case config.Security == "":
		return config, fmt.Errorf("security: %v given, plaintext, tls or mtls expected", command.GetSecurity())
	case config.Security == "plaintext" && !host.IsLoopback():
		return config, fmt.Errorf("host: %v given, plaintext is for loopback", host)
	case config.Security == "plaintext":
		return config, nil
	}
	var roots []byte
	if config.Security == "mtls" {
		roots = nonNil(command.GetClientRootsPem())
	}
	config.Credentials, err = credentials.Server(identityOf(command.GetIdentity()), roots)
	return config, err
}

// stop begins to drain a listener. s.mu is held.
func (s *server) stop(command *sessionpb.Stop) error {
	number := command.GetListener()
	open := s.listeners[number]
	if open == nil {
		return fmt.Errorf("listener: %d given, which is not open", number)
	}
	s.listeners[number] = nil
	grace := time.Duration(command.GetGraceMs()) * time.Millisecond
	s.drains.Go(func() {
		drain(open, grace)
		stopped := &sessionpb.Stopped{Listener: number}
		s.out.send(&sessionpb.Event{Event: &sessionpb.Event_Stopped{Stopped: stopped}})
	})
	return nil
}

// end drains what is open and waits for the drains that a Stop has begun, but for those no longer than
// grace: theirs may be longer.
func (s *server) end(grace time.Duration) {
	s.mu.Lock()
	s.ending = true
	s.mu.Unlock()
	for _, open := range s.listeners {
		if open != nil {
			s.drains.Go(func() { drain(open, grace) })
		}
	}
	wait(&s.drains, grace+listener.AbortTimeout)
}

func drain(open *listener.Listener, grace time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	open.Drain(ctx)
}

func identityOf(identity *sessionpb.Identity) credentials.Identity {
	return credentials.Identity{ChainPEM: identity.GetChainPem(), KeyPEM: identity.GetKeyPem()}
}

// nonNil keeps PEM material that is missing from standing for none asked for: it must fail.
func nonNil(data []byte) []byte {
	if data == nil {
		return []byte{}
	}
	return data
}
