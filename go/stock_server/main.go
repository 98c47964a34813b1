// Command stock_server serves Stock and KV; docs/reference/programs.md describes it.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	// What writes to a pipe that nobody reads any more gets an error, and the exit code tells of it.
	signal.Ignore(syscall.SIGPIPE)
	os.Exit(Main(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
