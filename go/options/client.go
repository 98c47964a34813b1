package options

import (
	"errors"
	"math"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A Client is what stock_client was asked for. Where Help or Version is set the rest means nothing.
type Client struct {
	Help, Version bool
	Session       bool

	Operation       string
	Arguments       []string // bytes, as given
	Server          string   // host:port
	TLS             bool
	CAFile          string // empty: the system's roots
	CertFile        string
	KeyFile         string
	ServerName      string
	Timeout         time.Duration // 0: none
	MaxReceiveBytes int
	Count           int64 // of events that monitor prints; 0: until stopped
}

// An operation is one thing that stock_client does.
type operation struct {
	name        string
	least, most int // arguments
	arguments   string
	named       bool // the first argument is a key, a prefix or a name: UTF-8
}

var operations = []operation{
	{"get", 1, 1, "KEY", true},
	{"put", 2, 2, "KEY VALUE|-", true},
	{"delete", 1, 1, "KEY", true},
	{"monitor", 0, 1, "[PREFIX] [--count N]", true},
	{"batch", 0, math.MaxInt, "[KEY=VALUE ...]", false},
	{"trade", 1, math.MaxInt, "buy:SYMBOL:N|sell:SYMBOL:N|query:SYMBOL ...", false},
	{"inventory", 0, 0, "", false},
	{"kv-get", 1, 1, "KEY", true},
	{"kv-put", 2, 2, "KEY VALUE|-", true},
	{"health", 0, 1, "[SERVICE]", true},
}

type clientFlags struct {
	Client

	maxReceive int64
}

func (c *clientFlags) table() []flag {
	return []flag{
		{"server", "H:P", "endpoint to call (default 127.0.0.1:50051)", c.setServer},
		{"tls", "", "use TLS", yes(&c.TLS)},
		{"ca-file", "F", "roots for the server's certificate, PEM (default: the system's)", text(&c.CAFile)},
		{"cert-file", "F", "the client's certificate chain, PEM", text(&c.CertFile)},
		{"key-file", "F", "the client's private key, PEM PKCS#8", text(&c.KeyFile)},
		{"server-name", "N", "name to verify the server's certificate against", text(&c.ServerName)},
		{"timeout-seconds", "S", "deadline of the call; 0 = none (default 5)", seconds(&c.Timeout)},
		{"max-receive-bytes", "N", "largest message read, after decompression (default 4194304)",
			integer(&c.maxReceive, 1, maxReceiveBytes)},
		{"count", "N", "monitor: events to print; 0 = until stopped (default 0)",
			integer(&c.Count, 0, math.MaxInt64)},
		{"session", "", "be driven by frames on standard input and output", yes(&c.Session)},
		{"help", "", "print this and exit", yes(&c.Help)},
		{"version", "", "print the version and exit", yes(&c.Version)},
	}
}

func (c *clientFlags) setServer(value string) error {
	if !endpoint(value) {
		return errors.New("HOST:PORT")
	}
	c.Server = value
	return nil
}

// ClientUsage returns the usage of stock_client.
func ClientUsage() string {
	var out strings.Builder
	out.WriteString("usage: stock_client OPERATION [ARGUMENTS] [FLAGS]\n")
	for _, op := range operations {
		out.WriteString(strings.TrimRight("  "+op.name+" "+op.arguments, " ") + "\n")
	}
	return out.String() + usage(new(clientFlags).table())
}

// ParseClient reads the command line of stock_client. Its error is a *UsageError.
func ParseClient(args []string) (Client, error) {
	c := &clientFlags{
		Client:     Client{Server: "127.0.0.1:50051", Timeout: 5 * time.Second},
		maxReceive: 4 << 20,
	}
	parsed, err := parse(c.table(), args)
	if err != nil || c.Help || c.Version {
		return c.Client, err
	}
	if c.Session {
		return clientSession(parsed)
	}
	if err := c.setOperation(parsed); err != nil {
		return Client{}, err
	}
	if err := c.check(parsed); err != nil {
		return Client{}, err
	}
	c.MaxReceiveBytes = int(c.maxReceive)
	return c.Client, nil
}

func clientSession(parsed line) (Client, error) {
	if err := onlyWithSession(parsed); err != nil {
		return Client{}, err
	}
	if len(parsed.arguments) > 0 {
		return Client{}, usageErrorf("--session goes without an operation: %s", printable(parsed.arguments[0]))
	}
	return Client{Session: true}, nil
}

func (c *clientFlags) setOperation(parsed line) error {
	if len(parsed.arguments) == 0 {
		return usageErrorf("an operation is needed")
	}
	name, arguments := parsed.arguments[0], parsed.arguments[1:]
	for _, op := range operations {
		if op.name != name {
			continue
		}
		switch {
		case len(arguments) < op.least:
			return usageErrorf("%s needs %s", name, op.arguments)
		case len(arguments) > op.most:
			return usageErrorf("stray argument: %s", printable(arguments[op.most]))
		case op.named && len(arguments) > 0 && !utf8.ValidString(arguments[0]):
			return usageErrorf("%s: %q given, UTF-8 expected", name, arguments[0])
		}
		c.Operation, c.Arguments = name, arguments
		return nil
	}
	return usageErrorf("unknown operation: %s", printable(name))
}

// check finds contradictions.
func (c *clientFlags) check(parsed line) error {
	if parsed.given["count"] && c.Operation != "monitor" {
		return usageErrorf("--count does not go with %s", c.Operation)
	}
	if !c.TLS {
		for _, name := range []string{"ca-file", "cert-file", "key-file", "server-name"} {
			if parsed.given[name] {
				return usageErrorf("--%s needs --tls", name)
			}
		}
	}
	switch {
	case c.CertFile != "" && c.KeyFile == "":
		return usageErrorf("--cert-file needs --key-file")
	case c.KeyFile != "" && c.CertFile == "":
		return usageErrorf("--key-file needs --cert-file")
	}
	return nil
}

// endpoint tells whether a server is `host:port`, with an IPv6 address in brackets.
func endpoint(server string) bool {
	host, port, err := net.SplitHostPort(server)
	if err != nil {
		return false
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 || !digits(port) {
		return false
	}
	if strings.HasPrefix(server, "[") {
		address, err := netip.ParseAddr(host)
		return err == nil && address.Is6()
	}
	return host != "" && strings.Trim(strings.ToLower(host), "abcdefghijklmnopqrstuvwxyz0123456789._-") == ""
}
