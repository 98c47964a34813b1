// Package bazeltest is what the generated main of a go_test runs tests with, so that they obey Bazel.
//
// Bazel says by environment variables which tests it wants and where they report; the names are those of
// its Test Encyclopedia.
package bazeltest

import (
	"fmt"
	"os"
	"reflect"
	"strconv"
	"testing"
	"time"
)

// Listed is what a generated main found in the sources.
type Listed struct {
	// Directory is the folder of the sources, below the working directory.
	Directory   string
	Tests       []testing.InternalTest
	Benchmarks  []testing.InternalBenchmark
	FuzzTargets []testing.InternalFuzzTarget
	Examples    []testing.InternalExample
}

// Begin prepares the process and what is listed for testing.MainStart.
//
// The working directory becomes that of the sources, as with go test, if any file of it is there.
func Begin(listed *Listed) (*Report, error) {
	if err := listed.shard(os.Getenv("TEST_SHARD_INDEX"), os.Getenv("TEST_TOTAL_SHARDS")); err != nil {
		return nil, err
	}
	if path := os.Getenv("TEST_SHARD_STATUS_FILE"); path != "" {
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			return nil, err
		}
	}
	// A program may have the name of its sources' folder.
	if info, err := os.Stat(listed.Directory); err == nil && info.IsDir() {
		if err := os.Chdir(listed.Directory); err != nil {
			return nil, err
		}
	}
	// What the command line says comes later and wins.
	os.Args = append(append(os.Args[:1:1], flags(os.Getenv)...), os.Args[1:]...)
	report := new(Report)
	report.watch(listed)
	return report, nil
}

// flags turns Bazel's wishes into flags of package testing.
func flags(getenv func(string) string) []string {
	// A test that ends the process has not passed.
	flags := []string{"-test.paniconexit0"}
	if filter := getenv("TESTBRIDGE_TEST_ONLY"); filter != "" {
		flags = append(flags, "-test.run="+filter)
	}
	if getenv("TESTBRIDGE_TEST_RUNNER_FAIL_FAST") == "1" {
		flags = append(flags, "-test.failfast")
	}
	// Just before Bazel kills the process without a word, so that the goroutines are printed.
	if seconds, err := strconv.Atoi(getenv("TEST_TIMEOUT")); err == nil {
		flags = append(flags, fmt.Sprintf("-test.timeout=%v", time.Duration(seconds)*time.Second*19/20))
	}
	return flags
}

// shard keeps every total-th test, beginning with the index-th; empty strings keep all.
func (l *Listed) shard(index, total string) error {
	if total == "" {
		return nil
	}
	n, err := strconv.Atoi(index)
	if err != nil {
		return err
	}
	of, err := strconv.Atoi(total)
	if err != nil {
		return err
	}
	l.Tests = every(l.Tests, n, of)
	l.FuzzTargets = every(l.FuzzTargets, n, of)
	l.Examples = every(l.Examples, n, of)
	return nil
}

func every[T any](all []T, n, of int) []T {
	var kept []T
	for i := n; i < len(all); i += of {
		kept = append(kept, all[i])
	}
	return kept
}

// Run runs the tests, through testMain if that is not nil, writes the report that Bazel asks for, and
// returns the exit code.
func (r *Report) Run(m *testing.M, testMain func(*testing.M)) int {
	code := 0
	if testMain == nil {
		code = m.Run()
	} else {
		testMain(m)
		// Where package testing leaves it for the main that go test generates.
		code = int(reflect.ValueOf(m).Elem().FieldByName("exitCode").Int())
	}
	if path := os.Getenv("XML_OUTPUT_FILE"); path != "" {
		if err := r.write(path, code); err != nil {
			fmt.Fprintln(os.Stderr, "no report:", err)
			return 1
		}
	}
	return code
}
