package main

import (
	"reflect"
	"runtime"
	"testing"
)

func TestParseSourcesLeavesOutOtherPlatforms(t *testing.T) {
	writeFiles(t, map[string]string{
		"a.go":                           "package a\n",
		"b_plan9.go":                     "package a\n",
		"c_" + runtime.GOOS + ".go":      "package a\n",
		"d.go":                           "//go:build cgo\n\npackage a\n",
		"e.go":                           "//go:build !" + runtime.GOOS + "\n\npackage a\n",
		"f_" + runtime.GOOS + "_test.go": "package a_test\n",
	})
	sources, err := parseSources([]string{"a.go", "b_plan9.go", "c_" + runtime.GOOS + ".go", "d.go", "e.go"})
	if expected := []string{"a.go", "c_" + runtime.GOOS + ".go"}; err != nil || !reflect.DeepEqual(pathsOf(sources), expected) {
		t.Errorf("%v, %v; expected %v", pathsOf(sources), err, expected)
	}
}

func TestParseSourcesNamesThePlaceOfAnError(t *testing.T) {
	writeFiles(t, map[string]string{"a.go": "package a\nfunc {\n"})
	_, err := parseSources([]string{"a.go"})
	wantError(t, err, "a.go:2:6")
	_, err = parseSources([]string{"gone.go"})
	wantError(t, err, "gone.go")
}

func TestImportsHaveTheirPlace(t *testing.T) {
	sources := sourcesOf(t, "package a\n\nimport (\n\tx \"fmt\"\n\t_ `embed`\n)\n")
	var got []string
	for _, i := range sources[0].imports {
		got = append(got, i.position.String()+" "+i.path)
	}
	if expected := []string{"x0.go:4:2 fmt", "x0.go:5:2 embed"}; !reflect.DeepEqual(got, expected) {
		t.Errorf("%q, expected %q", got, expected)
	}
}

func TestStandard(t *testing.T) {
	for path, expected := range map[string]bool{"fmt": true, "go/ast": true, "m.dev": false, "m.dev/fmt": false} {
		if got := (importSpec{path: path}).standard(); got != expected {
			t.Errorf("%s: %v", path, got)
		}
	}
}

func TestSplitTests(t *testing.T) {
	internal, external := splitTests(sourcesOf(t, "package a\n", "package a_test\n", "package main\n"))
	if got := pathsOf(internal); !reflect.DeepEqual(got, []string{"x0.go", "x2.go"}) {
		t.Errorf("internal: %q", got)
	}
	if got := pathsOf(external); !reflect.DeepEqual(got, []string{"x1.go"}) {
		t.Errorf("external: %q", got)
	}
}
