package session

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"tofusoup.dev/stock/go/about"
	"tofusoup.dev/stock/go/sessionpb"
)

const (
	protocol = 1
	// gcPercent lets the heap grow to five times what is alive: a session is short, its messages come and
	// go, and it costs a tenth less of the processor than with Go's own 100.
	gcPercent = 400
)

var keyTypes = []string{
	"key_type:rsa2048",
	"key_type:rsa4096",
	"key_type:p256",
	"key_type:p384",
	"key_type:p521",
}

var securities = map[sessionpb.Security]string{
	sessionpb.Security_SECURITY_PLAINTEXT: "plaintext",
	sessionpb.Security_SECURITY_TLS:       "tls",
	sessionpb.Security_SECURITY_MTLS:      "mtls",
}

// begin begins a session: it says Hello. The caller closes the output.
func begin(writer io.Writer, log *slog.Logger, role sessionpb.Role, abilities ...string) *output {
	debug.SetGCPercent(gcPercent)
	out := newOutput(writer, log)
	out.send(&sessionpb.Event{Event: &sessionpb.Event_Hello{Hello: &sessionpb.Hello{
		Protocol:  protocol,
		Language:  about.Language,
		Role:      role,
		Library:   about.Library,
		Runtime:   about.Runtime(),
		Transport: about.Transport,
		TlsStack:  about.TLSStack,
		Supports:  append(abilities, keyTypes...),
		Version:   about.Version,
	}}})
	return out
}

// obeyUntil obeys the commands of input until it ends or ctx does. Where ctx ends first, the goroutine that
// reads is left behind: it ends with the input, and nothing is obeyed any more.
func obeyUntil(ctx context.Context, input io.Reader, out *output, obey func(*sessionpb.Command) error) error {
	ended := make(chan error, 1)
	go func() { ended <- obeyAll(input, out, obey) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return nil
	}
}

// wait waits for a group, at most for the timeout.
func wait(group *sync.WaitGroup, timeout time.Duration) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		group.Wait()
	}()
	select {
	case <-done:
	case <-time.After(timeout):
	}
}

// obeyAll reads commands to the end of the input and obeys each; one that fails is answered by a Failure.
// It returns nil at the end of the input.
func obeyAll(input io.Reader, out *output, obey func(*sessionpb.Command) error) error {
	reader := newFrameReader(input)
	for {
		command, err := reader.read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := obey(command); err != nil {
			out.send(&sessionpb.Event{Event: &sessionpb.Event_Failure{Failure: &sessionpb.Failure{
				Id:     command.GetId(),
				Reason: err.Error(),
			}}})
		}
	}
}
