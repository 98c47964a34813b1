package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// writeFiles writes files by their names, makes their folder the working directory and returns it.
func writeFiles(t *testing.T, files map[string]string) string {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	directory, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	return directory
}

// sourcesOf parses texts as files x0.go, x1.go, ...
func sourcesOf(t *testing.T, texts ...string) []source {
	t.Helper()
	files := map[string]string{}
	var names []string
	for n, text := range texts {
		name := "x" + string(rune('0'+n)) + ".go"
		files[name] = text
		names = append(names, name)
	}
	writeFiles(t, files)
	sources, err := parseSources(names)
	if err != nil {
		t.Fatal(err)
	}
	return sources
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, expected one with %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q, expected %q in it", err, part)
		}
	}
}
