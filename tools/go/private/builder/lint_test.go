package main

import (
	"io"
	"os/exec"
	"reflect"
	"strings"
	"testing"
)

func TestLintFlags(t *testing.T) {
	f := new(lintFlags)
	flags := newFlags("lint")
	f.register(flags)
	line := "-module m.dev -package m.dev/a=a.a -src a.go -unit m.dev/b=b.a -src b.go -src b_test.go -unit c= -src c.go -report r"
	if err := flags.Parse(strings.Fields(line)); err != nil {
		t.Fatal(err)
	}
	if expected := []*unit{{importpath: "m.dev/a", archive: "a.a", files: []string{"a.go"}}}; !reflect.DeepEqual(f.below, expected) {
		t.Errorf("below %v", f.below)
	}
	if expected := []*unit{
		{importpath: "m.dev/b", archive: "b.a", files: []string{"b.go", "b_test.go"}}, {importpath: "c", files: []string{"c.go"}},
	}; !reflect.DeepEqual(f.units, expected) {
		t.Errorf("units %v", f.units)
	}
}

// lintOf is a package a below, and units: b with tests of both packages, and a program.
func lintOf(t *testing.T) *lintFlags {
	t.Helper()
	writeFiles(t, map[string]string{
		"a.go":      "package a\n\nimport \"unsafe\"\n",
		"b.go":      "package b\n\nimport (\n\"fmt\"\n\"m.dev/a\"\n)\n",
		"b_test.go": "package b\n",
		"x_test.go": "package b_test\n\nimport \"m.dev/b\"\n",
		"c.go":      "package main\n\nimport \"m.dev/b\"\n",
	})
	f := &lintFlags{
		below: []*unit{
			{importpath: "m.dev/a", archive: "a.a", files: []string{"a.go"}},
			{importpath: "m.dev/b", archive: "b.a", files: []string{"b.go"}},
		},
		units: []*unit{
			{importpath: "c", files: []string{"c.go"}},
			{importpath: "m.dev/b", archive: "b_test.a", files: []string{"b.go", "b_test.go", "x_test.go"}},
		},
		root: "modules",
	}
	if err := f.parse(); err != nil {
		t.Fatal(err)
	}
	return f
}

func compilerOf() compiler {
	own := map[string]string{"m.dev/a": "a.a", "m.dev/b": "b.a"}
	return compiler{archives: archives{own: own, layer: "layer", module: "m.dev"}, lang: "go1.26"}
}

func TestExternalTestsAreAUnitOfTheirOwn(t *testing.T) {
	var got []string
	for _, u := range lintOf(t).units {
		got = append(got, u.importpath+" "+u.archive+u.variant+" "+strings.Join(pathsOf(u.sources), " "))
	}
	expected := []string{"c  c.go", "m.dev/b b_test.a b.go b_test.go", "m.dev/b_test b_test.a x_test.go"}
	if !reflect.DeepEqual(got, expected) {
		t.Errorf("%q, expected %q", got, expected)
	}
}

func TestAnExternalTestSeesThePackageWithItsTests(t *testing.T) {
	units, c := lintOf(t).units, compilerOf()
	for n, expected := range map[int]string{0: "b.a", 2: "b_test.a"} {
		if got, err := c.archiveFor(units[n], importSpec{path: "m.dev/b"}); err != nil || got != expected {
			t.Errorf("%s: %q, %v; expected %q", units[n].importpath, got, err, expected)
		}
	}
}

func TestFindings(t *testing.T) {
	stderr := func(linter *exec.Cmd) *io.Writer { return &linter.Stderr }
	stdout := func(linter *exec.Cmd) *io.Writer { return &linter.Stdout }
	for _, test := range []struct {
		script   string
		stream   func(*exec.Cmd) *io.Writer
		found    string
		expected string // of the error
	}{
		{"echo found >&2; exit 1", stderr, "found\n", ""},
		{"echo found; echo warning >&2; exit 1", stdout, "found\n", ""},
		{"echo warning >&2", stdout, "", ""},
		{"echo broken >&2; exit 1", stdout, "", "exit status 1\nbroken"},
		{"exit 3", stderr, "", "exit status 3"},
		{"echo half >&2; kill -9 $$", stderr, "", "signal: killed\nhalf"},
	} {
		linter := exec.Command("sh", "-c", test.script)
		found, err := findings(linter, test.stream(linter))
		if string(found) != test.found {
			t.Errorf("%s: %q, expected %q", test.script, found, test.found)
		}
		if test.expected != "" {
			wantError(t, err, test.expected)
		} else if err != nil {
			t.Errorf("%s: %v", test.script, err)
		}
	}
}
