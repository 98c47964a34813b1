package main

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
)

// TestDriverResponse holds what staticcheck is told: units with their tests as roots; what they import with sources;
// what lies below as archives.
func TestDriverResponse(t *testing.T) {
	f := lintOf(t)
	c := compilerOf()
	c.goroot = "/goroot"
	f.index = "index.json"
	if err := writeJSON(f.index, []indexEntry{
		{ImportPath: "fmt", Dir: "src/fmt", Standard: true, GoFiles: []string{"print.go"}, Imports: []string{"os", "unsafe"}},
		{ImportPath: "os", Dir: "src/os", Standard: true, GoFiles: []string{"file.go"}, Imports: []string{"io"}},
		{ImportPath: "io", Dir: "src/io", Standard: true, GoFiles: []string{"io.go"}},
	}); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll("layer", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("layer/fmt.a", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	response, err := (&driverGraph{compiler: c, flags: f, packages: map[string]*driverPackage{}}).response()
	if err != nil {
		t.Fatal(err)
	}
	if expected := []string{"c [0]", "m.dev/b [1]", "m.dev/b_test [2]"}; !reflect.DeepEqual(response.Roots, expected) {
		t.Errorf("roots %q, expected %q", response.Roots, expected)
	}
	got := map[string][]string{}
	for _, p := range response.Packages {
		got[p.ID] = append([]string{p.PkgPath, p.ExportFile}, slices.Sorted(maps.Values(p.Imports))...)
		for _, file := range p.GoFiles {
			if !filepath.IsAbs(file) {
				t.Errorf("%s: %s is relative", p.ID, file)
			}
			got[p.ID] = append(got[p.ID], filepath.Base(file))
		}
	}
	expected := map[string][]string{
		"c [0]":              {"c", "", "m.dev/b", "c.go"},
		"m.dev/b [1]":        {"m.dev/b", "b_test.a", "fmt", "m.dev/a", "b.go", "b_test.go"},
		"m.dev/b_test [2]":   {"m.dev/b_test", "", "m.dev/b [b_test.a]", "x_test.go"},
		"m.dev/b [b_test.a]": {"m.dev/b", "b_test.a"},
		"m.dev/b":            {"m.dev/b", "b.a", "fmt", "m.dev/a", "b.go"},
		"m.dev/a":            {"m.dev/a", "a.a", "a.go"},
		"fmt":                {"fmt", "layer/fmt.a", "os", "print.go"},
		"os":                 {"os", "layer/os.a"},
	}
	if !reflect.DeepEqual(got, expected) {
		t.Errorf("%v\nexpected\n%v", got, expected)
	}
}

// TestImportsByName holds that the standard library's own third-party packages are found by the paths in its sources.
func TestImportsByName(t *testing.T) {
	entry := indexEntry{
		Imports:   []string{"io", "unsafe", "vendor/golang.org/x/net/idna"},
		ImportMap: map[string]string{"golang.org/x/net/idna": "vendor/golang.org/x/net/idna"},
	}
	expected := map[string]string{"io": "io", "golang.org/x/net/idna": "vendor/golang.org/x/net/idna"}
	if got := entry.importsByName(); !reflect.DeepEqual(got, expected) {
		t.Errorf("%v, expected %v", got, expected)
	}
}
