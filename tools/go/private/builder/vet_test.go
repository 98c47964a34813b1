package main

import (
	"os"
	"reflect"
	"testing"
)

func TestVetConfig(t *testing.T) {
	units, c := lintOf(t).units, compilerOf()
	if err := os.MkdirAll("layer", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("layer/fmt.a", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := c.vetConfig(units[1], map[string]string{"m.dev/a": "a.vetx", "m.dev/other": "other.vetx"})
	expected := vetConfig{
		ID: "m.dev/b", Compiler: "gc", ImportPath: "m.dev/b", GoVersion: "go1.26", ModulePath: "m.dev",
		GoFiles:     []string{"b.go", "b_test.go"},
		ImportMap:   map[string]string{"fmt": "fmt", "m.dev/a": "m.dev/a", "unsafe": "unsafe"},
		PackageFile: map[string]string{"fmt": "layer/fmt.a", "m.dev/a": "a.a"},
		Standard:    map[string]bool{"fmt": true},
		PackageVetx: map[string]string{"m.dev/a": "a.vetx"},
	}
	if err != nil || !reflect.DeepEqual(got, expected) {
		t.Errorf("%+v, %v; expected %+v", got, err, expected)
	}
}

func TestVetConfigOfAnUndeclaredImport(t *testing.T) {
	c := compilerOf()
	delete(c.own, "m.dev/b")
	_, err := c.vetConfig(lintOf(t).units[0], nil)
	wantError(t, err, `c.go:3:8: import "m.dev/b": no target of deps`)
}
