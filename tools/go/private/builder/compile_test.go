package main

import (
	"os"
	"testing"
)

// compileArgs is the start of a command line of a verb, in a folder with an empty layer and a command of no use.
func compileArgs(t *testing.T, files map[string]string, more ...string) []string {
	t.Helper()
	writeFiles(t, files)
	for _, name := range []string{"layer", "goroot", "goroot/bin"} {
		if err := os.MkdirAll(name, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile("goroot/bin/go", nil, 0o755); err != nil {
		t.Fatal(err)
	}
	return append([]string{"-go", "goroot/bin/go", "-layer", "layer", "-lang", "go1.26", "-module", "m.dev"}, more...)
}

func TestCompileRefusesWhatIsNotDeclared(t *testing.T) {
	args := compileArgs(t, map[string]string{"a/a.go": "package a\n\nimport \"m.dev/b\"\n"},
		"-dep", "m.dev/c=c.a", "-package", "m.dev/a=a.a", "-src", "a/a.go")
	wantError(t, compileVerb(args), `a/a.go:3:8: import "m.dev/b": no target of deps has this package: add its go_library to deps`)
}

func TestCompileRefusesAPackageWithoutSources(t *testing.T) {
	args := compileArgs(t, nil, "-package", "m.dev/a=a.a")
	wantError(t, compileVerb(args), "m.dev/a: no source")
}

func TestLinkRefusesWhatIsNoProgram(t *testing.T) {
	args := compileArgs(t, map[string]string{"a.go": "package a\n"}, "-o", "a", "a.go")
	wantError(t, linkVerb(args), "a.go: package a: a program is package main")
}

func TestTestRefusesTwoOfThePackageUnderTest(t *testing.T) {
	files := map[string]string{"a.go": "package a\n", "a_test.go": "package a\n"}
	args := compileArgs(t, files, "-importpath", "m.dev/a", "-librarysrc", "a.go", "-library", "a.a",
		"-transitive", "m.dev/a=a.a", "-archive", "t.a", "-o", "t", "a_test.go")
	wantError(t, testVerb(args), "m.dev/a: a target of deps imports it", "move them to package a_test")
}

func TestACommandThatIsNotThere(t *testing.T) {
	_, err := newToolchain("gone")
	wantError(t, err, "gone")
}
