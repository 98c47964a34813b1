package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	got := parse(strings.Fields("-go bin/go -root r -archives a -index i -program m.dev/p=out/p -program m.dev/q=out/q=q std ./deps"))
	expected := options{
		command: "bin/go", root: "r", archives: "a", index: "i",
		programs: [][2]string{{"m.dev/p", "out/p"}, {"m.dev/q", "out/q=q"}},
		patterns: []string{"std", "./deps"},
	}
	if !reflect.DeepEqual(got, expected) {
		t.Errorf("%+v, expected %+v", got, expected)
	}
}

// TestCopyFilesFollowsLinks holds that the copy has no links, of which a sandbox is made: go:embed refuses them.
func TestCopyFilesFollowsLinks(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"real", "from/vendor/a"} {
		if err := os.MkdirAll(filepath.Join(folder, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "real/file"), []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	for target, link := range map[string]string{"real/file": "from/vendor/a/file", "from": "root"} {
		if err := os.Symlink(filepath.Join(folder, target), filepath.Join(folder, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := copyFiles(filepath.Join(folder, "root"), filepath.Join(folder, "to")); err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(folder, "to/vendor/a/file")
	info, err := os.Lstat(copied)
	if err != nil || !info.Mode().IsRegular() {
		t.Fatalf("%v, %v", info, err)
	}
	if text, err := os.ReadFile(copied); err != nil || string(text) != "text" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestARootThatIsNotThere(t *testing.T) {
	if err := copyFiles(filepath.Join(t.TempDir(), "gone"), t.TempDir()); err == nil {
		t.Error("no error")
	}
}
