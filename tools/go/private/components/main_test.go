package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const index = `[
 {"ImportPath": "fmt", "Standard": true, "Imports": ["example.com/never"]},
 {"ImportPath": "example.com/a/x", "Imports": ["fmt", "example.com/a/nested/y"]},
 {"ImportPath": "example.com/a/nested/y"},
 {"ImportPath": "example.com/b"}
]`

const components = `{"purl": "pkg:golang/example.com/a/nested@v1.1.0"}
{"purl": "pkg:golang/example.com/a@v1.0.0"}
{"purl": "pkg:golang/example.com/b@v2.0.0"}
`

// result returns what is written for one source.
func result(t *testing.T, source string) (string, error) {
	t.Helper()
	folder := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	o := options{
		index:      write("index.json", index),
		components: write("components.jsonl", components),
		module:     "own.dev/module",
		out:        filepath.Join(folder, "out"),
		sources: []string{
			write("main.go", source),
			write("other_plan9.go", "package main\nimport _ \"example.com/b\"\n"),
		},
	}
	if err := run(o); err != nil {
		return "", err
	}
	content, err := os.ReadFile(o.out)
	return string(content), err
}

func TestModulesOfImportsAndBelowThem(t *testing.T) {
	got, err := result(t, "package main\nimport (\n\"fmt\"\n\"example.com/a/x\"\n\"own.dev/module/store\"\n)\n")
	want, _, _ := strings.Cut(components, `{"purl": "pkg:golang/example.com/b`)
	if err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

func TestAPackageOfNoModuleIsAnError(t *testing.T) {
	_, err := result(t, "package main\nimport _ \"example.com/c\"\n")
	if err == nil || !strings.Contains(err.Error(), "example.com/c") {
		t.Errorf("got %v, want an error that names example.com/c", err)
	}
}
