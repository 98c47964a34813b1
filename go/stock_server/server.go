package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"tofusoup.dev/stock/go/about"
	"tofusoup.dev/stock/go/credentials"
	"tofusoup.dev/stock/go/directive"
	"tofusoup.dev/stock/go/listener"
	"tofusoup.dev/stock/go/options"
	"tofusoup.dev/stock/go/session"
	"tofusoup.dev/stock/go/store"
)

// Main runs stock_server until a signal, or the end of ctx, has drained it, and returns its exit code. It
// does not wait for a second signal's drain.
func Main(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	opts, err := options.ParseServer(args)
	switch {
	case err != nil:
		fmt.Fprintf(stderr, "%v\n%s", err, options.ServerUsage())
		return options.ExitUsage
	case opts.Help:
		return show(options.ServerUsage(), stdout, stderr)
	case opts.Version:
		return show(about.Line("stock_server")+"\n", stdout, stderr)
	}
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	defer signal.Stop(signals)
	ctx, drain := context.WithCancel(ctx)
	defer drain()
	ended := make(chan int, 1)
	go func() { ended <- serve(ctx, opts, stdin, stdout, stderr) }()
	for range cap(signals) {
		select {
		case code := <-ended:
			return code
		case <-signals:
			drain()
		}
	}
	return options.ExitOK
}

// serve serves until ctx ends, or a session's input does, then drains. It returns the exit code.
func serve(ctx context.Context, opts options.Server, stdin io.Reader, stdout, stderr io.Writer) int {
	log := slog.New(slog.NewTextHandler(stderr, nil))
	if opts.Session {
		if err := session.Serve(ctx, stdin, stdout, opts.Grace, log); err != nil {
			fmt.Fprintln(stderr, err)
			return options.ExitInternal
		}
		return options.ExitOK
	}
	config, err := configure(opts, log)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return options.ExitUsage
	}
	l, err := listener.Listen(config)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return options.ExitCannotBind
	}
	code := show(fmt.Sprintf("Server listening on %v\n", l.Address()), stdout, stderr)
	if code == options.ExitOK {
		<-ctx.Done()
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), opts.Grace)
	defer cancel()
	l.Drain(grace)
	return code
}

// show prints a text and returns the exit code.
func show(text string, stdout, stderr io.Writer) int {
	if _, err := io.WriteString(stdout, text); err != nil {
		fmt.Fprintln(stderr, err)
		return options.ExitInternal
	}
	return options.ExitOK
}

// configure loads what the options name.
func configure(opts options.Server, log *slog.Logger) (listener.Config, error) {
	config := listener.Config{
		Host:            opts.Host,
		Port:            opts.Port,
		Security:        opts.Security,
		MaxReceiveBytes: opts.MaxReceiveBytes,
		Stores:          store.NewStores(),
		Log:             log,
	}
	if opts.Conformance {
		config.Director = directive.New(config.Stores, log, nil)
	}
	if opts.Security == "plaintext" {
		return config, nil
	}
	identity, err := credentials.ReadIdentity(opts.CertFile, opts.KeyFile)
	if err != nil {
		return config, err
	}
	var roots []byte
	if opts.Security == "mtls" {
		if roots, err = credentials.ReadFile(opts.ClientCAFile); err != nil {
			return config, err
		}
	}
	config.Credentials, err = credentials.Server(identity, roots)
	return config, err
}
