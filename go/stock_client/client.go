package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"tofusoup.dev/stock/go/about"
	"tofusoup.dev/stock/go/calls"
	"tofusoup.dev/stock/go/credentials"
	"tofusoup.dev/stock/go/options"
	"tofusoup.dev/stock/go/session"
)

// Main runs one operation of stock_client, or a session, and returns its exit code.
func Main(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	opts, err := options.ParseClient(args)
	switch {
	case err != nil:
		return explain(err, stderr)
	case opts.Help:
		_, err := io.WriteString(stdout, options.ClientUsage())
		return explain(err, stderr)
	case opts.Version:
		_, err := fmt.Fprintln(stdout, about.Line("stock_client"))
		return explain(err, stderr)
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	ended := make(chan error, 1)
	go func() {
		if opts.Session {
			ended <- session.Call(ctx, stdin, stdout, slog.New(slog.NewTextHandler(stderr, nil)))
		} else {
			ended <- operate(ctx, opts, stdin, stdout)
		}
	}()
	select {
	case err := <-ended:
		if err == nil || ctx.Err() == nil {
			return explain(err, stderr)
		}
	case <-ctx.Done(): // whatever still reads standard input
	}
	return options.ExitInterrupted
}

// operate runs the operation on a channel of its own.
func operate(ctx context.Context, opts options.Client, stdin io.Reader, stdout io.Writer) error {
	run, err := prepare(opts, stdin)
	if err != nil {
		return err
	}
	endpoint, err := endpointOf(opts)
	if err != nil {
		return &fileError{err}
	}
	channel, err := calls.Open(endpoint)
	if err != nil {
		return err
	}
	defer channel.Close()
	if opts.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, opts.Timeout)
		defer cancel()
	}
	return run(ctx, channel, stdout)
}

func endpointOf(opts options.Client) (calls.Endpoint, error) {
	endpoint := calls.Endpoint{Address: opts.Server, MaxReceiveBytes: opts.MaxReceiveBytes}
	if !opts.TLS {
		return endpoint, nil
	}
	var roots []byte
	var identity *credentials.Identity
	if opts.CAFile != "" {
		content, err := credentials.ReadFile(opts.CAFile)
		if err != nil {
			return endpoint, err
		}
		roots = content
	}
	if opts.CertFile != "" {
		own, err := credentials.ReadIdentity(opts.CertFile, opts.KeyFile)
		if err != nil {
			return endpoint, err
		}
		identity = &own
	}
	material, err := credentials.Client(roots, identity, opts.ServerName)
	endpoint.Credentials = material
	return endpoint, err
}

// errNotServing is a health that is not SERVING; its name has been printed.
var errNotServing = errors.New("not serving")

// A fileError is a file that cannot be read or used.
type fileError struct {
	err error
}

func (e *fileError) Error() string { return e.err.Error() }

func (e *fileError) Unwrap() error { return e.err }

// explain prints the line that an error deserves and returns the exit code.
func explain(err error, stderr io.Writer) int {
	var usage *options.UsageError
	var file *fileError
	switch {
	case err == nil:
		return options.ExitOK
	case errors.Is(err, errNotServing):
		return options.ExitNotServing
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "%v\n%s", err, options.ClientUsage())
		return options.ExitUsage
	case errors.As(err, &file):
		fmt.Fprintln(stderr, err)
		return options.ExitUsage
	}
	failed, ok := status.FromError(err)
	if !ok {
		fmt.Fprintln(stderr, err)
		return options.ExitInternal
	}
	fmt.Fprintf(stderr, "%s: %s\n", codeName(failed.Code()), oneLine(failed.Message()))
	return options.ExitRPC + int(failed.Code())
}

// codeName returns the name of a code as the specification writes it, NOT_FOUND.
func codeName(code codes.Code) string {
	if code == codes.Canceled {
		return "CANCELLED"
	}
	var name strings.Builder
	for i, r := range code.String() {
		if i > 0 && 'A' <= r && r <= 'Z' {
			name.WriteByte('_')
		}
		name.WriteRune(r)
	}
	return strings.ToUpper(name.String())
}
