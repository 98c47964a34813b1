package bazeltest

import (
	"encoding/xml"
	"os"
	"slices"
	"sync"
	"testing"
	"time"
)

// Report is what became of each test and fuzz target; package testing tells nothing about examples.
type Report struct {
	mutex sync.Mutex
	cases []testCase
}

// testCase is an element of the JUnit format.
type testCase struct {
	Name    string   `xml:"name,attr"`
	Seconds float64  `xml:"time,attr"`
	Failure *message `xml:"failure"`
	Skipped *message `xml:"skipped"`
}

type message struct {
	Text string `xml:"message,attr"`
}

// watch makes what is listed tell the report how it ended.
func (r *Report) watch(listed *Listed) {
	for n, test := range listed.Tests {
		listed.Tests[n].F = func(t *testing.T) {
			r.begin(t)
			test.F(t)
		}
	}
	for n, target := range listed.FuzzTargets {
		listed.FuzzTargets[n].Fn = func(f *testing.F) {
			r.begin(f)
			target.Fn(f)
		}
	}
}

// begin notes the start of a test; it is the first to ask for a cleanup, so its own comes last.
func (r *Report) begin(t testing.TB) {
	start := time.Now()
	t.Cleanup(func() {
		found := testCase{Name: t.Name(), Seconds: time.Since(start).Seconds()}
		if t.Failed() {
			found.Failure = &message{"the test's log says why"}
		} else if t.Skipped() {
			found.Skipped = &message{"the test's log says why"}
		}
		r.mutex.Lock()
		defer r.mutex.Unlock()
		r.cases = append(r.cases, found)
	})
}

// write writes the report as JUnit XML, unless it does not explain the exit code: then Bazel makes one of the log.
func (r *Report) write(path string, code int) error {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	failed := slices.ContainsFunc(r.cases, func(c testCase) bool { return c.Failure != nil })
	if code != 0 && !failed {
		return nil
	}
	text, err := xml.MarshalIndent(struct {
		XMLName xml.Name   `xml:"testsuite"`
		Name    string     `xml:"name,attr"`
		Tests   int        `xml:"tests,attr"`
		Cases   []testCase `xml:"testcase"`
	}{Name: os.Getenv("TEST_TARGET"), Tests: len(r.cases), Cases: r.cases}, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append([]byte(xml.Header), text...), 0o644)
}
