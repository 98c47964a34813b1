package bazeltest

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
)

func TestFlags(t *testing.T) {
	tests := []struct {
		environment map[string]string
		expected    []string
	}{
		{nil, nil},
		{map[string]string{"TESTBRIDGE_TEST_ONLY": "TestA/b"}, []string{"-test.run=TestA/b"}},
		{map[string]string{"TESTBRIDGE_TEST_RUNNER_FAIL_FAST": "1"}, []string{"-test.failfast"}},
		{map[string]string{"TESTBRIDGE_TEST_RUNNER_FAIL_FAST": "0"}, nil},
		{map[string]string{"TEST_TIMEOUT": "60"}, []string{"-test.timeout=57s"}},
		{map[string]string{"TEST_TIMEOUT": "soon"}, nil},
	}
	for _, test := range tests {
		expected := append([]string{"-test.paniconexit0"}, test.expected...)
		got := flags(func(name string) string { return test.environment[name] })
		if !reflect.DeepEqual(got, expected) {
			t.Errorf("%v: %q, expected %q", test.environment, got, expected)
		}
	}
}

func listed(names ...string) *Listed {
	l := new(Listed)
	for _, name := range names {
		l.Tests = append(l.Tests, testing.InternalTest{Name: name})
		l.FuzzTargets = append(l.FuzzTargets, testing.InternalFuzzTarget{Name: name})
		l.Examples = append(l.Examples, testing.InternalExample{Name: name})
	}
	return l
}

// TestShardsPartTheTests holds that every test is in one shard.
func TestShardsPartTheTests(t *testing.T) {
	names := []string{"a", "b", "c", "d", "e"}
	var tests, targets, examples []string
	for _, index := range []string{"0", "1", "2"} {
		l := listed(names...)
		if err := l.shard(index, "3"); err != nil {
			t.Fatal(err)
		}
		for n := range l.Tests {
			tests = append(tests, l.Tests[n].Name)
			targets = append(targets, l.FuzzTargets[n].Name)
			examples = append(examples, l.Examples[n].Name)
		}
	}
	for _, got := range [][]string{tests, targets, examples} {
		slices.Sort(got)
		if !slices.Equal(got, names) {
			t.Errorf("%q, expected %q", got, names)
		}
	}
}

func TestWithoutShardsAllStay(t *testing.T) {
	l := listed("a", "b")
	if err := l.shard("", ""); err != nil || len(l.Tests) != 2 {
		t.Errorf("%d tests, %v", len(l.Tests), err)
	}
	if l.shard("x", "2") == nil || l.shard("0", "x") == nil {
		t.Error("no error for what is no number")
	}
}

func TestBegin(t *testing.T) {
	root := t.TempDir()
	t.Chdir(root)
	if err := os.Mkdir("sources", 0o755); err != nil {
		t.Fatal(err)
	}
	args := os.Args
	t.Cleanup(func() { os.Args = args })
	os.Args = []string{"program", "-test.v"}
	for name, value := range map[string]string{
		"TESTBRIDGE_TEST_ONLY": "X", "TEST_TIMEOUT": "", "TESTBRIDGE_TEST_RUNNER_FAIL_FAST": "",
		"TEST_TOTAL_SHARDS": "2", "TEST_SHARD_INDEX": "1", "TEST_SHARD_STATUS_FILE": filepath.Join(root, "status"),
	} {
		t.Setenv(name, value)
	}
	l := listed("a", "b")
	l.Directory = "sources"
	if _, err := Begin(l); err != nil {
		t.Fatal(err)
	}
	if expected := []string{"program", "-test.paniconexit0", "-test.run=X", "-test.v"}; !reflect.DeepEqual(os.Args, expected) {
		t.Errorf("arguments %q, expected %q", os.Args, expected)
	}
	if len(l.Tests) != 1 || l.Tests[0].Name != "b" {
		t.Errorf("tests %v", l.Tests)
	}
	if _, err := os.Stat(filepath.Join(root, "status")); err != nil {
		t.Error(err)
	}
	if directory, err := os.Getwd(); err != nil || filepath.Base(directory) != "sources" {
		t.Errorf("in %s, %v", directory, err)
	}
}

func report(t *testing.T, r *Report, code int) (string, bool) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.xml")
	if err := r.write(path, code); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	return string(text), err == nil
}

func TestReport(t *testing.T) {
	t.Setenv("TEST_TARGET", "//x:y")
	r := &Report{cases: []testCase{
		{Name: "TestA", Seconds: 0.5}, {Name: "Test<&>", Failure: &message{"why"}}, {Name: "TestC", Skipped: &message{"why"}},
	}}
	text, _ := report(t, r, 1)
	var got struct {
		Name  string     `xml:"name,attr"`
		Tests int        `xml:"tests,attr"`
		Cases []testCase `xml:"testcase"`
	}
	if err := xml.Unmarshal([]byte(text), &got); err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	if got.Name != "//x:y" || got.Tests != 3 || !reflect.DeepEqual(got.Cases, r.cases) {
		t.Errorf("%+v", got)
	}
}

// TestNoReportThatHidesAFailure holds that Bazel makes the report itself where ours would be all green and the tests
// are not: an example or TestMain failed.
func TestNoReportThatHidesAFailure(t *testing.T) {
	r := &Report{cases: []testCase{{Name: "TestA"}}}
	if _, written := report(t, r, 1); written {
		t.Error("a report without a failure")
	}
	if _, written := report(t, r, 0); !written {
		t.Error("no report of what passed")
	}
}
