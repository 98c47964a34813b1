// Package options is the command line of the two programs, typed and free of contradictions. It touches
// nothing outside: no file, no environment, no standard stream.
package options

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Exit codes of the two programs; an RPC that failed is ExitRPC plus its status code.
const (
	ExitOK          = 0
	ExitNotServing  = 1
	ExitUsage       = 2
	ExitCannotBind  = 3
	ExitInternal    = 4
	ExitRPC         = 64
	ExitInterrupted = 130
)

// A UsageError is a command line that breaks the grammar, in one line that names what breaks it.
type UsageError struct {
	Reason string
}

func (e *UsageError) Error() string { return e.Reason }

func usageErrorf(format string, args ...any) error {
	return &UsageError{fmt.Sprintf(format, args...)}
}

// A flag is one flag of a program. It takes a value if it names one; set takes the value, or "" where
// there is none, and fails with what it expects instead.
type flag struct {
	name, value, help string
	set               func(value string) error
}

// A line is a command line taken apart.
type line struct {
	given     map[string]bool // the flags
	arguments []string        // the rest, in order
}

// parse takes a command line apart and sets the flags given, the last of a repeated one at last; a value
// that another replaces must be right too.
//
// It is our own because the grammar, which every language shares, is stricter than that of the libraries:
// package flag stops at the first argument, takes `-name` for `--name` and accepts `--tls=false`; pflag
// takes `-5` for a shorthand.
func parse(flags []flag, args []string) (line, error) {
	parsed := line{given: make(map[string]bool)}
	for len(args) > 0 {
		word := args[0]
		args = args[1:]
		text, isFlag := strings.CutPrefix(word, "--")
		switch {
		case !isFlag:
			parsed.arguments = append(parsed.arguments, word)
		case text == "":
			parsed.arguments = append(parsed.arguments, args...)
			return parsed, nil
		default:
			name, rest, err := setFlag(flags, text, args)
			if err != nil {
				return line{}, err
			}
			parsed.given[name] = true
			args = rest
		}
	}
	return parsed, nil
}

// setFlag sets the flag that text names, `name` or `name=value`. It returns the name and what is left of
// args, whose first may be the value.
func setFlag(flags []flag, text string, args []string) (string, []string, error) {
	name, value, attached := strings.Cut(text, "=")
	f := find(flags, name)
	switch {
	case f == nil:
		return "", nil, usageErrorf("unknown flag: --%s", printable(name))
	case f.value == "" && attached:
		return "", nil, usageErrorf("--%s takes no value", name)
	case f.value != "" && !attached:
		if len(args) == 0 {
			return "", nil, usageErrorf("--%s needs a value", name)
		}
		value, args = args[0], args[1:]
	}
	if err := f.set(value); err != nil {
		return "", nil, usageErrorf("--%s: %q given, %v expected", name, value, err)
	}
	return name, args, nil
}

func find(flags []flag, name string) *flag {
	for i := range flags {
		if flags[i].name == name {
			return &flags[i]
		}
	}
	return nil
}

// usage returns the lines that tell of flags.
func usage(flags []flag) string {
	var out strings.Builder
	for _, f := range flags {
		fmt.Fprintf(&out, "  %-26s %s\n", strings.TrimSpace("--"+f.name+" "+f.value), f.help)
	}
	return out.String()
}

// printable returns a word of the command line fit for a line of text.
func printable(word string) string {
	quoted := strconv.Quote(word)
	return quoted[1 : len(quoted)-1]
}

func yes(target *bool) func(string) error {
	return func(string) error {
		*target = true
		return nil
	}
}

func text(target *string) func(string) error {
	return func(value string) error {
		if value == "" {
			return errors.New("a value that is not empty")
		}
		*target = value
		return nil
	}
}

func integer(target *int64, low, high int64) func(string) error {
	return func(value string) error {
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || !digits(value) || n < low || n > high {
			return fmt.Errorf("a number from %d to %d", low, high)
		}
		*target = n
		return nil
	}
}

func seconds(target *time.Duration) func(string) error {
	return func(value string) error {
		whole, fraction, hasFraction := strings.Cut(value, ".")
		n, err := strconv.ParseFloat(value, 64)
		if err != nil || !digits(whole) || hasFraction && !digits(fraction) || len(whole) > 9 {
			return errors.New("seconds like 5 or 0.25")
		}
		*target = time.Duration(math.Ceil(n * float64(time.Second))) // up: a fraction of 1 ns is not 0
		return nil
	}
}

// digits tells numbers as the grammar knows them from those with signs, exponents and underscores.
func digits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
