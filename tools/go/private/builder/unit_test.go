package main

import (
	"flag"
	"io"
	"reflect"
	"testing"
)

func TestUnitFlags(t *testing.T) {
	var packages, others []*unit
	var sources unitFlags
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	sources.opens(flags, "package", &packages, "")
	sources.opens(flags, "other", &others, "")
	sources.adds(flags)
	wantError(t, flags.Parse([]string{"-src", "a.go"}), "expected after the package that it is of")
	wantError(t, flags.Parse([]string{"-package", "a"}), `expected KEY=VALUE, got "a"`)
	args := []string{"-package", "a=a.a", "-src", "1.go", "-src", "2.go", "-other", "b=", "-src", "3.go", "-package", "c=c.a"}
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	if expected := []*unit{
		{importpath: "a", archive: "a.a", files: []string{"1.go", "2.go"}}, {importpath: "c", archive: "c.a"},
	}; !reflect.DeepEqual(packages, expected) {
		t.Errorf("packages %v", packages)
	}
	if expected := []*unit{{importpath: "b", files: []string{"3.go"}}}; !reflect.DeepEqual(others, expected) {
		t.Errorf("others %v", others)
	}
}

func TestAUnitWithoutSourcesForThisPlatform(t *testing.T) {
	writeFiles(t, map[string]string{"a_plan9.go": "package a\n"})
	wantError(t, (&unit{importpath: "m.dev/a", files: []string{"a_plan9.go"}}).parse(), "m.dev/a: no source is for this platform")
}

func TestImportsOfAUnit(t *testing.T) {
	u := unit{sources: sourcesOf(t, "package a\nimport (\n\"fmt\"\n\"unsafe\"\n)\n", "package a\nimport (\n\"fmt\"\n\"os\"\n)\n")}
	var got []string
	for _, i := range u.imports() {
		got = append(got, i.path)
	}
	if expected := []string{"fmt", "os"}; !reflect.DeepEqual(got, expected) {
		t.Errorf("%q, expected %q", got, expected)
	}
}

func importing(importpath string, imports ...string) *unit {
	u := &unit{importpath: importpath, sources: []source{{}}}
	for _, path := range imports {
		u.sources[0].imports = append(u.sources[0].imports, importSpec{path: path})
	}
	return u
}

func TestDependenciesFirst(t *testing.T) {
	tests := map[string][]*unit{
		"b a":       {importing("a", "b", "fmt"), importing("b")},
		"c b a":     {importing("a", "b", "c"), importing("b", "c"), importing("c")},
		"a b":       {importing("a"), importing("b")},
		"a_test a":  {importing("a_test"), importing("a")},
		"a a_test":  {importing("a_test", "a"), importing("a")},
		"b a c":     {importing("a", "b"), importing("b", "a"), importing("c")},
		"base a":    {importing("a", "base"), importing("base")},
		"a x x b":   {importing("b", "x"), importing("x", "a"), importing("x"), importing("a")},
		"self":      {importing("self", "self")},
		"gone":      {importing("gone", "nowhere")},
		"d c b a e": {importing("a", "b"), importing("b", "c"), importing("c", "d"), importing("d"), importing("e", "a")},
	}
	for expected, units := range tests {
		got := ""
		for _, u := range dependenciesFirst(units) {
			got += " " + u.importpath
		}
		if got != " "+expected {
			t.Errorf("%q, expected %q", got, expected)
		}
	}
}
