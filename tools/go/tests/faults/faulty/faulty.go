// Package faulty has what each linter finds, and what it is told to leave.
package faulty

import (
	"fmt"

	"google.golang.org/grpc"
)

// Printf is what vet has to learn about for others.
func Printf(format string, args ...any) { fmt.Printf(format, args...) }

// Dial calls what is deprecated in a third-party package.
func Dial() (*grpc.ClientConn, error) { return grpc.Dial("") }

func unused() {}

//lint:ignore U1000 a linter that cannot be told is one that gets switched off
func left() {}
