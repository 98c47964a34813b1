package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// indexEntry describes a package of the layer: the part of `go list -json` that linters need.
type indexEntry struct {
	// Dir is the folder of the sources: relative to GOROOT for the standard library, else to the module.
	Dir        string
	ImportPath string
	Standard   bool              `json:",omitempty"`
	GoFiles    []string          `json:",omitempty"`
	Imports    []string          `json:",omitempty"`
	ImportMap  map[string]string `json:",omitempty"`
	// Export is the archive, in the cache of the go command; it does not go into the index.
	Export string `json:",omitempty"`
}

const indexFields = "-json=Dir,ImportPath,Standard,GoFiles,Imports,ImportMap,Export"

// Sizes the layer down to two thirds; nobody debugs into third-party code with DWARF.
const noDWARF = "-gcflags=all=-dwarf=false"

// buildProgram makes a program of a package main.
func (g goCommand) buildProgram(importpath, out string) error {
	out, err := filepath.Abs(out)
	if err != nil {
		return err
	}
	_, err = g.run("build", "-trimpath", "-buildvcs=false", noDWARF, "-ldflags=-s -w -buildid=", "-o", out, importpath)
	return err
}

// compilePackages compiles packages and all that they import, and returns them.
func (g goCommand) compilePackages(patterns []string) ([]indexEntry, error) {
	if len(patterns) == 0 {
		return nil, nil
	}
	args := append([]string{"list", "-trimpath", "-buildvcs=false", noDWARF, "-export", "-deps", indexFields}, patterns...)
	out, err := g.run(args...)
	if err != nil {
		return nil, err
	}
	var entries []indexEntry
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var entry indexEntry
		if err := decoder.Decode(&entry); errors.Is(err, io.EOF) {
			return entries, nil
		} else if err != nil {
			return nil, err
		}
		base := g.module
		if entry.Standard {
			base = g.goroot
		}
		if entry.Dir, err = filepath.Rel(base, entry.Dir); err != nil {
			return nil, err
		}
		entries = append(entries, entry)
	}
}

// writeLayer puts the archives into a folder by import path, and the list of them into a file.
func writeLayer(entries []indexEntry, directory, index string) error {
	for n, entry := range entries {
		entries[n].Export = ""
		if entry.Export == "" || strings.HasSuffix(entry.ImportPath, "]") {
			continue
		}
		target := filepath.Join(directory, filepath.FromSlash(entry.ImportPath)+".a")
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := copyFile(entry.Export, target); err != nil {
			return err
		}
	}
	content, err := json.MarshalIndent(entries, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(index, content, 0o644)
}
