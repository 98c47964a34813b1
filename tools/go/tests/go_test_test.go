package tests

import (
	"context"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// runfile returns where the runfile is that a variable names.
func runfile(t *testing.T, variable string) string {
	t.Helper()
	path := os.Getenv(variable)
	if path == "" {
		t.Fatalf("no %s in the environment", variable)
	}
	return filepath.Join(os.Getenv("TEST_SRCDIR"), path)
}

// run runs the tests of the target subject and returns what they print, and whether they pass.
func run(t *testing.T, environment []string, args ...string) (string, bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, runfile(t, "SUBJECT"), args...)
	command.Env = environment
	command.Dir = filepath.Join(os.Getenv("TEST_SRCDIR"), "_main")
	out, err := command.CombinedOutput()
	if ctx.Err() != nil {
		t.Fatalf("no end within a minute:\n%s", out)
	}
	if _, failed := err.(*exec.ExitError); err != nil && !failed {
		t.Fatal(err)
	}
	return string(out), err == nil
}

func TestTheFilterOfBazelChooses(t *testing.T) {
	tests := []struct {
		filter   string
		passes   bool
		expected string // a regular expression of the output
	}{
		{"TestPasses", true, `^ran TestPasses\nPASS\n$`},
		{"TestOutside", true, `^ran TestOutside\nPASS\n$`},
		{"TestPasses|TestOutside", true, `^ran TestPasses\nran TestOutside\nPASS\n$`},
		{"TestHasParts/two", true, `^ran part two\nPASS\n$`},
		{"TestSkips", true, `^PASS\n$`},
		{"TestFails", false, `--- FAIL: TestFails .*\n *subject_test.go:\d+: it is broken`},
		{"TestPanics", false, `panic: out of order`},
		{"TestExits", false, `panic: unexpected call to os.Exit\(0\) during test`},
		{"FuzzLength", false, `(?s)ran seed good\n.*"bad" has 3 bytes`},
		{"FuzzLength/seed#0", true, `^ran seed good\nPASS\n$`},
		{"ExampleGreeting$", true, `^PASS\n$`},
		{"ExampleGreeting_wrong", false, `(?s)got:\n"\\n\\x01k" <nil>\nwant:\nanother`},
	}
	for _, test := range tests {
		out, passes := run(t, []string{"TESTBRIDGE_TEST_ONLY=" + test.filter})
		if passes != test.passes || !regexp.MustCompile(test.expected).MatchString(out) {
			t.Errorf("%s: passes %v, expected %v and %s in:\n%s", test.filter, passes, test.passes, test.expected, out)
		}
	}
}

func TestArgumentsGoToPackageTesting(t *testing.T) {
	out, passes := run(t, []string{"TESTBRIDGE_TEST_ONLY=TestFails"}, "-test.run=TestPasses", "-test.v")
	if !passes || !strings.Contains(out, "--- PASS: TestPasses") || strings.Contains(out, "TestFails") {
		t.Errorf("passes %v:\n%s", passes, out)
	}
	out, passes = run(t, nil, "-test.run=^$", "-test.bench=.", "-test.benchtime=1x")
	if !passes || !strings.Contains(out, "BenchmarkGreeting") {
		t.Errorf("passes %v:\n%s", passes, out)
	}
}

func TestATestThatHangsShowsItsGoroutines(t *testing.T) {
	out, passes := run(t, []string{"TESTBRIDGE_TEST_ONLY=TestHangs", "TEST_TIMEOUT=1"})
	if passes || !strings.Contains(out, "test timed out after 950ms") || !strings.Contains(out, "greeting.TestHangs") {
		t.Errorf("passes %v:\n%s", passes, out)
	}
}

func TestFailFast(t *testing.T) {
	environment := []string{"TESTBRIDGE_TEST_ONLY=TestFails|TestHasParts", "TESTBRIDGE_TEST_RUNNER_FAIL_FAST=1"}
	if out, passes := run(t, environment); passes || strings.Contains(out, "ran part") {
		t.Errorf("passes %v:\n%s", passes, out)
	}
}

func TestShardsRunEveryTestOnce(t *testing.T) {
	var ran []string
	for _, index := range []string{"0", "1"} {
		status := filepath.Join(t.TempDir(), "status")
		out, passes := run(t, []string{
			"TEST_SHARD_INDEX=" + index, "TEST_TOTAL_SHARDS=2", "TEST_SHARD_STATUS_FILE=" + status,
			"TESTBRIDGE_TEST_ONLY=TestPasses|TestOutside|TestHasParts|TestSkips",
		}, "-test.v")
		if _, err := os.Stat(status); err != nil || !passes {
			t.Errorf("passes %v, %v:\n%s", passes, err, out)
		}
		for _, match := range regexp.MustCompile(`(?m)^=== RUN +(\w+)$`).FindAllStringSubmatch(out, -1) {
			ran = append(ran, match[1])
		}
	}
	slices.Sort(ran)
	if expected := []string{"TestHasParts", "TestOutside", "TestPasses", "TestSkips"}; !slices.Equal(ran, expected) {
		t.Errorf("%q, expected %q", ran, expected)
	}
}

func TestTheReportStandsWhereBazelLooks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.xml")
	_, passes := run(t, []string{
		"TEST_TARGET=//x:y", "TESTBRIDGE_TEST_ONLY=TestPasses|TestSkips|TestFails|FuzzLength", "XML_OUTPUT_FILE=" + path,
	})
	text, err := os.ReadFile(path)
	if err != nil || passes {
		t.Fatalf("passes %v, %v", passes, err)
	}
	var suite struct {
		Name  string `xml:"name,attr"`
		Cases []struct {
			Name    string    `xml:"name,attr"`
			Failure *struct{} `xml:"failure"`
			Skipped *struct{} `xml:"skipped"`
		} `xml:"testcase"`
	}
	if err := xml.Unmarshal(text, &suite); err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	got := suite.Name
	for _, c := range suite.Cases {
		got += " " + c.Name
		switch {
		case c.Failure != nil:
			got += ":failed"
		case c.Skipped != nil:
			got += ":skipped"
		}
	}
	if expected := "//x:y TestPasses TestSkips:skipped TestFails:failed FuzzLength:failed"; got != expected {
		t.Errorf("%s, expected %s", got, expected)
	}
}

// TestAPanicLeavesNoReport holds that Bazel makes the report of the log, which tells of the panic.
func TestAPanicLeavesNoReport(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.xml")
	run(t, []string{"TESTBRIDGE_TEST_ONLY=TestPanics", "XML_OUTPUT_FILE=" + path})
	if _, err := os.Stat(path); err == nil {
		t.Error("a report")
	}
}
