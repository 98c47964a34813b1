package main

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
)

// source is a parsed file.
type source struct {
	path    string
	file    *ast.File
	imports []importSpec
}

// importSpec is one import of a source.
type importSpec struct {
	path     string
	position token.Position
}

// parseSources parses the files that are for this platform, in the given order.
func parseSources(paths []string) ([]source, error) {
	platform := build.Default
	platform.CgoEnabled = false
	var sources []source
	files := token.NewFileSet()
	for _, path := range paths {
		matches, err := platform.MatchFile(filepath.Split(path))
		if err != nil {
			return nil, err
		}
		if !matches {
			continue
		}
		file, err := parser.ParseFile(files, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		imports, err := importsOf(files, file)
		if err != nil {
			return nil, err
		}
		sources = append(sources, source{path, file, imports})
	}
	return sources, nil
}

func importsOf(files *token.FileSet, file *ast.File) ([]importSpec, error) {
	var imports []importSpec
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		imports = append(imports, importSpec{path, files.Position(spec.Pos())})
	}
	return imports, nil
}

// pathsOf returns where the sources are.
func pathsOf(sources []source) []string {
	var paths []string
	for _, s := range sources {
		paths = append(paths, s.path)
	}
	return paths
}

// splitTests parts a package's own tests from the tests of package NAME_test.
func splitTests(sources []source) (internal, external []source) {
	for _, s := range sources {
		if strings.HasSuffix(s.file.Name.Name, "_test") {
			external = append(external, s)
		} else {
			internal = append(internal, s)
		}
	}
	return internal, external
}

// standard tells whether a package of that name is the standard library's: no domain begins its path.
func (i importSpec) standard() bool {
	first, _, _ := strings.Cut(i.path, "/")
	return !strings.Contains(first, ".")
}

// errorf returns an error at the place of an import.
func (i importSpec) errorf(format string, args ...any) error {
	return fmt.Errorf("%s: import %q: %w", i.position, i.path, fmt.Errorf(format, args...))
}
