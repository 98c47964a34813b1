package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// indexEntry describes a package of the layer: the part of `go list -json` that linters need.
type indexEntry struct {
	// Dir is the folder of the sources: relative to GOROOT for the standard library, else to the module.
	Dir        string
	ImportPath string
	Name       string
	Standard   bool              `json:",omitempty"`
	GoFiles    []string          `json:",omitempty"`
	Imports    []string          `json:",omitempty"`
	ImportMap  map[string]string `json:",omitempty"`
	// Export is the archive, in the cache of the go command; it does not go into the index.
	Export string `json:",omitempty"`
}

const indexFields = "-json=Dir,ImportPath,Name,Standard,GoFiles,Imports,ImportMap,Export"

// Sizes the layer down to two thirds; nobody debugs into third-party code with DWARF.
const noDWARF = "-gcflags=all=-dwarf=false"

// modulesVerb compiles third-party packages and programs of one vendored module.
func modulesVerb(args []string) error {
	var programs pairs
	flags := newFlags("modules")
	command := flags.String("go", "", "the go command")
	root := flags.String("root", "", "folder of go.mod and vendor")
	archivesDir := flags.String("archives", "", "folder for IMPORT/PATH.a")
	index := flags.String("index", "", "file for the JSON list of packages")
	flags.Var(&programs, "program", "IMPORTPATH=FILE, a program to make, repeated")
	if err := flags.Parse(args); err != nil {
		return err
	}
	t, err := newToolchain(*command)
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "go-modules-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	module := filepath.Join(scratch, "module")
	if err := copyFiles(*root, module); err != nil {
		return err
	}
	cache := filepath.Join(scratch, "cache")
	for _, p := range programs {
		if err := buildProgram(t, module, cache, p); err != nil {
			return err
		}
	}
	entries, err := compilePackages(t, module, cache, flags.Args())
	if err != nil {
		return err
	}
	return writeLayer(entries, *archivesDir, *index)
}

// copyFiles copies a tree: go:embed refuses the links of which a sandbox is made.
func copyFiles(from, to string) error {
	from, err := filepath.EvalSymlinks(from)
	if err != nil {
		return err
	}
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, relative)
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		return copyFile(path, target)
	})
}

func copyFile(from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o644)
}

func buildProgram(t toolchain, module, cache string, program pair) error {
	out, err := filepath.Abs(program.value)
	if err != nil {
		return err
	}
	_, err = t.goCommand(module, cache, "build", "-trimpath", "-buildvcs=false", noDWARF, "-ldflags=-s -w -buildid=", "-o", out, program.key)
	return err
}

// compilePackages compiles packages and all that they import, and returns them.
func compilePackages(t toolchain, module, cache string, patterns []string) ([]indexEntry, error) {
	if len(patterns) == 0 {
		return nil, nil
	}
	args := append([]string{"list", "-trimpath", "-buildvcs=false", noDWARF, "-export", "-deps", indexFields}, patterns...)
	out, err := t.goCommand(module, cache, args...)
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
		base := module
		if entry.Standard {
			base = t.goroot
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
