package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func TestWriteLayer(t *testing.T) {
	folder := t.TempDir()
	export := filepath.Join(folder, "export")
	if err := os.WriteFile(export, []byte("archive"), 0o600); err != nil {
		t.Fatal(err)
	}
	entries := []indexEntry{
		{ImportPath: "unsafe", Standard: true},
		{ImportPath: "m.dev/a/b", Dir: "vendor/m.dev/a/b", GoFiles: []string{"b.go"}, Export: export},
		{ImportPath: "m.dev/a [m.dev/a.test]", Export: export},
	}
	index := filepath.Join(folder, "index.json")
	if err := writeLayer(entries, filepath.Join(folder, "archives"), index); err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(folder, "archives/*/*/*"))
	if expected := []string{filepath.Join(folder, "archives/m.dev/a/b.a")}; err != nil || !reflect.DeepEqual(found, expected) {
		t.Errorf("%q, %v; expected %q", found, err, expected)
	}
	content, err := os.ReadFile(index)
	if err != nil {
		t.Fatal(err)
	}
	var written []indexEntry
	if err := json.Unmarshal(content, &written); err != nil {
		t.Fatal(err)
	}
	for _, entry := range written {
		// Where the cache of the go command was must not be in an output.
		if entry.Export != "" {
			t.Errorf("%+v", entry)
		}
	}
	if len(written) != 3 || written[1].Dir != "vendor/m.dev/a/b" {
		t.Errorf("%+v", written)
	}
}

func TestNoPatternsNoPackages(t *testing.T) {
	if entries, err := (goCommand{}).compilePackages(nil); entries != nil || err != nil {
		t.Errorf("%v, %v", entries, err)
	}
}
