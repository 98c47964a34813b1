package main

import (
	"go/token"
	"os"
	"strings"
	"testing"
)

func testArchives(t *testing.T) archives {
	t.Helper()
	writeFiles(t, map[string]string{"layer/fmt.a": "", "layer/example.com/x/y.a": "", "layer/vendor/z.a": ""})
	return archives{own: map[string]string{"m.dev/go/a": "out/a.a"}, layer: "layer", module: "m.dev/go"}
}

func TestFind(t *testing.T) {
	a := testArchives(t)
	for path, expected := range map[string]string{
		"m.dev/go/a": "out/a.a", "fmt": "layer/fmt.a", "example.com/x/y": "layer/example.com/x/y.a",
	} {
		if got, err := a.find(importSpec{path: path}); err != nil || got != expected {
			t.Errorf("%s: %q, %v; expected %q", path, got, err, expected)
		}
	}
}

func TestFindSaysWhatToDo(t *testing.T) {
	a := testArchives(t)
	tests := map[string]string{
		"m.dev/go/b":      "no target of deps has this package: add its go_library to deps",
		"m.dev/go":        "no target of deps has this package",
		"m.dev/golang":    "import it in go/deps/deps.go too",
		"C":               "these rules have no cgo",
		"ftm":             "the standard library has no such package",
		"example.com/x/z": "import it in go/deps/deps.go too",
	}
	for path, expected := range tests {
		_, err := a.find(importSpec{path: path, position: token.Position{Filename: "f.go", Line: 3, Column: 2}})
		wantError(t, err, "f.go:3:2: import \""+path+"\": ", expected)
	}
}

func TestConfigFor(t *testing.T) {
	a := testArchives(t)
	sources := []source{
		{imports: []importSpec{{path: "fmt"}, {path: "unsafe"}}},
		{imports: []importSpec{{path: "fmt"}, {path: "m.dev/go/a"}}},
	}
	path, err := a.configFor(sources, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	wantFile(t, path, "packagefile fmt=layer/fmt.a\npackagefile m.dev/go/a=out/a.a\n")
}

func TestConfigForAll(t *testing.T) {
	path, err := testArchives(t).configForAll(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	wantFile(t, path, `packagefile example.com/x/y=layer/example.com/x/y.a
packagefile fmt=layer/fmt.a
packagefile m.dev/go/a=out/a.a
packagefile vendor/z=layer/vendor/z.a
`)
}

func TestConfigForAllWithoutALayer(t *testing.T) {
	_, err := archives{layer: "gone"}.configForAll(t.TempDir())
	wantError(t, err, "gone")
}

func wantFile(t *testing.T, path, expected string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(string(got)) != strings.TrimSpace(expected) {
		t.Errorf("%s:\n%s\nexpected:\n%s", path, got, expected)
	}
}
