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
	"lint":    lintVerb,
	"test":    testVerb,
}

func main() {
	args, err := arguments(os.Args[1:])
	switch {
	case err != nil:
	case os.Getenv(driverResponse) != "":
		err = printDriverResponse()
	case len(args) == 0 || verbs[args[0]] == nil:
		fmt.Fprintln(os.Stderr, "usage: builder compile|link|lint|test ... | builder @FILE")
		os.Exit(2)
	default:
		err = verbs[args[0]](args[1:])
	}
	if err == nil {
		return
	}
	// A tool that failed has said why.
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(1)
}

// arguments returns those of the command line, or those that stand in a file, one a line: Bazel writes it where they
// are too many.
func arguments(args []string) ([]string, error) {
	if len(args) != 1 || !strings.HasPrefix(args[0], "@") {
		return args, nil
	}
	content, err := os.ReadFile(args[0][1:])
	if err != nil {
		return nil, err
	}
	return strings.Split(strings.TrimSuffix(string(content), "\n"), "\n"), nil
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
	parsed, err := parsePair(text)
	if err == nil {
		*p = append(*p, parsed)
	}
	return err
}

func parsePair(text string) (pair, error) {
	key, value, found := strings.Cut(text, "=")
	if !found {
		return pair{}, fmt.Errorf("expected KEY=VALUE, got %q", text)
	}
	return pair{key, value}, nil
}

// list is a repeated flag.
type list []string

func (l *list) String() string { return "" }

func (l *list) Set(text string) error {
	*l = append(*l, text)
	return nil
}
