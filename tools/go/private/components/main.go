// Command components tells which third-party modules a Go program is linked from: those that have a package that its
// sources import, or that is imported by what they import.
//
// It imports the standard library only.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/build"
	"go/parser"
	"go/token"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// options are the command line.
type options struct {
	index, components, module, out string
	sources                        []string
}

func main() {
	if err := run(parse(os.Args[1:])); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// parse exits with the usage where the command line is none.
func parse(args []string) options {
	var o options
	flags := flag.NewFlagSet("components", flag.ExitOnError)
	flags.StringVar(&o.index, "index", "", "the dependency layer's JSON list of packages")
	flags.StringVar(&o.components, "components", "", "file with a line for each third-party module")
	flags.StringVar(&o.module, "module", "", "import path of the module that the program is of")
	flags.StringVar(&o.out, "o", "", "file for the lines of the program's modules")
	_ = flags.Parse(args) // exits on an error
	o.sources = flags.Args()
	return o
}

// run writes the lines of the modules that the options' sources need.
func run(o options) error {
	below, err := readIndex(o.index)
	if err != nil {
		return err
	}
	imported, err := imports(o.sources)
	if err != nil {
		return err
	}
	lines, err := readComponents(o.components)
	if err != nil {
		return err
	}
	needed := map[string]bool{}
	for path := range closure(imported, below) {
		if path == o.module || strings.HasPrefix(path, o.module+"/") {
			continue
		}
		module, err := moduleOf(path, lines)
		if err != nil {
			return err
		}
		needed[lines[module]] = true
	}
	var text []string
	for line := range needed {
		text = append(text, line+"\n")
	}
	slices.Sort(text)
	return os.WriteFile(o.out, []byte(strings.Join(text, "")), 0o644)
}

// readIndex returns what each package of the layer imports; a package of the standard library has no entry.
func readIndex(path string) (map[string][]string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var entries []struct {
		ImportPath string
		Standard   bool
		Imports    []string
	}
	if err := json.Unmarshal(content, &entries); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	below := map[string][]string{}
	for _, entry := range entries {
		if !entry.Standard {
			below[entry.ImportPath] = entry.Imports
		}
	}
	return below, nil
}

// readComponents returns the lines of a file by the modules that they are of.
func readComponents(path string) (map[string]string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	lines := map[string]string{}
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSuffix(line, "\n")
		var component struct {
			Purl string `json:"purl"`
		}
		if err := json.Unmarshal([]byte(line), &component); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(component.Purl, "pkg:golang/"), "@")
		module, err := url.PathUnescape(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", component.Purl, err)
		}
		lines[module] = line
	}
	return lines, nil
}

// imports returns what sources for this platform import.
func imports(sources []string) ([]string, error) {
	var paths []string
	for _, source := range sources {
		if matches, err := build.Default.MatchFile(filepath.Split(source)); err != nil || !matches {
			if err != nil {
				return nil, err
			}
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), source, nil, parser.ImportsOnly)
		if err != nil {
			return nil, err
		}
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", source, err)
			}
			paths = append(paths, path)
		}
	}
	return paths, nil
}

// closure returns the packages among some and below them that are not of the standard library.
func closure(paths []string, below map[string][]string) map[string]bool {
	found := map[string]bool{}
	for len(paths) > 0 {
		path := paths[0]
		paths = paths[1:]
		first, _, _ := strings.Cut(path, "/")
		if found[path] || !strings.Contains(first, ".") {
			continue
		}
		found[path] = true
		paths = append(paths, below[path]...)
	}
	return found
}

// moduleOf returns the module of a package: of those that its path begins with, the longest.
func moduleOf(path string, lines map[string]string) (string, error) {
	for module := path; module != "."; module = filepath.Dir(module) {
		if _, ok := lines[module]; ok {
			return module, nil
		}
	}
	return "", errors.New(path + ": no module has this package")
}
