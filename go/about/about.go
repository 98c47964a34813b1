// Package about says what the two programs are: in Hello, in Inventory and to --version.
package about

import (
	"runtime"
	"strings"

	"google.golang.org/grpc"
)

// The names of this implementation and of the libraries under it, as the session protocol reports them.
const (
	Language  = "go"
	Library   = "grpc-go " + grpc.Version
	Transport = "grpc-go"
	TLSStack  = "crypto/tls"
)

// Version is the project's. The linker sets it.
var Version string

// Runtime returns the name and version of the Go that built the program, `go 1.26.8`.
func Runtime() string {
	return "go " + strings.TrimPrefix(runtime.Version(), "go")
}

// Line returns what a program prints for --version: `stock_server 0.1.0 go grpc-go 1.85.0`.
func Line(program string) string {
	return strings.Join([]string{program, Version, Language, Library}, " ")
}
