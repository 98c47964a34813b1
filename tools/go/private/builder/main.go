// Command builder is the program of the Go rules' actions: one verb for each kind of action.
//
// It runs in the action's working directory, takes and prints paths relative to it, and puts nothing of
// where that is into its outputs. It imports the standard library only, and not much of it: it is compiled
// before everything else.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

var verbs = map[string]func(args []string) error{
	"compile": compileVerb,
	"link":    linkVerb,
	"modules": modulesVerb,
	"test":    testVerb,
}

func main() {
	if len(os.Args) < 2 || verbs[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: builder compile|link|modules|test ...")
		os.Exit(2)
	}
	err := verbs[os.Args[1]](os.Args[2:])
	if err == nil {
		return
	}
	// A tool that failed has said why.
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(1)
}

// newFlags returns a set that exits with its usage on an error.
func newFlags(verb string) *flag.FlagSet {
	return flag.NewFlagSet("builder "+verb, flag.ExitOnError)
}

// pairs is a repeated flag of `KEY=VALUE`, in order.
type pairs []pair

type pair struct{ key, value string }

func (p *pairs) String() string { return "" }

func (p *pairs) Set(text string) error {
	key, value, found := strings.Cut(text, "=")
	if !found {
		return fmt.Errorf("expected KEY=VALUE, got %q", text)
	}
	*p = append(*p, pair{key, value})
	return nil
}

// list is a repeated flag.
type list []string

func (l *list) String() string { return "" }

func (l *list) Set(text string) error {
	*l = append(*l, text)
	return nil
}
