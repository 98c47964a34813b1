package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
)

// driverResponse names, in the environment, the file that the builder prints where it is asked as a driver of
// golang.org/x/tools/go/packages: which packages there are. Nothing else asks the go command for them.
const driverResponse = "GO_BUILDER_DRIVER_RESPONSE"

func printDriverResponse() error {
	content, err := os.ReadFile(os.Getenv(driverResponse))
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(content)
	return err
}

// driverPackages is the type DriverResponse of golang.org/x/tools/go/packages.
type driverPackages struct {
	Compiler, Arch string
	Roots          []string
	Packages       []*driverPackage
}

// driverPackage is the part of its type Package that staticcheck asks for.
type driverPackage struct {
	ID, PkgPath              string
	GoFiles, CompiledGoFiles []string          `json:",omitempty"`
	ExportFile               string            `json:",omitempty"`
	Imports                  map[string]string `json:",omitempty"` // import path to ID
}

// indexEntry describes a package of the layer; layer_builder writes them.
type indexEntry struct {
	// Dir is the folder of the sources: relative to GOROOT for the standard library, else to the module.
	Dir        string
	ImportPath string
	Standard   bool
	GoFiles    []string
	Imports    []string
	ImportMap  map[string]string
}

// importsByName returns the packages that the sources import by the paths that stand in them: those of the
// standard library's own third-party code differ.
func (e indexEntry) importsByName() map[string]string {
	byName := map[string]string{}
	for _, path := range e.Imports {
		byName[path] = path
	}
	for name, path := range e.ImportMap {
		delete(byName, path)
		byName[name] = path
	}
	delete(byName, "unsafe")
	return byName
}

// staticcheck returns what staticcheck finds.
func (c compiler) staticcheck(f *lintFlags) ([]byte, error) {
	g := driverGraph{compiler: c, flags: f, packages: map[string]*driverPackage{}}
	response, err := g.response()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(c.scratch, "packages.json")
	if err := writeJSON(path, response); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	linter := exec.Command(f.program, "-go", c.lang, "units")
	linter.Env = []string{
		"GOPACKAGESDRIVER=" + self,
		driverResponse + "=" + path,
		"GOROOT=" + c.goroot,
		"STATICCHECK_CACHE=" + filepath.Join(c.scratch, "cache"),
	}
	// To standard error go warnings of packages without sources, of which there are many.
	found, err := findings(linter, &linter.Stdout)
	if err != nil {
		return nil, fmt.Errorf("staticcheck: %w", err)
	}
	return found, nil
}

// driverGraph collects what staticcheck is told of.
//
// The packages that units import come with their sources, so that what is deprecated in them is known; what lies
// deeper comes as an archive only, which the types need.
type driverGraph struct {
	compiler
	flags    *lintFlags
	index    map[string]indexEntry
	packages map[string]*driverPackage
}

func (g *driverGraph) response() (driverPackages, error) {
	response := driverPackages{Compiler: "gc", Arch: runtime.GOARCH}
	content, err := os.ReadFile(g.flags.index)
	if err != nil {
		return response, err
	}
	var entries []indexEntry
	if err := json.Unmarshal(content, &entries); err != nil {
		return response, err
	}
	g.index = map[string]indexEntry{}
	for _, entry := range entries {
		g.index[entry.ImportPath] = entry
	}
	for n, u := range g.flags.units {
		// Two tests may be of one package.
		id := fmt.Sprintf("%s [%d]", u.importpath, n)
		if err := g.addUnit(id, u); err != nil {
			return response, err
		}
		response.Roots = append(response.Roots, id)
	}
	for _, id := range slices.Sorted(maps.Keys(g.packages)) {
		response.Packages = append(response.Packages, g.packages[id])
	}
	return response, nil
}

// addUnit adds own sources and what they import.
func (g *driverGraph) addUnit(id string, u *unit) error {
	p, err := g.add(id, u.importpath, u.archive, pathsOf(u.sources))
	if err != nil {
		return err
	}
	for _, i := range u.imports() {
		archive, err := g.archiveFor(u, i)
		if err != nil {
			return err
		}
		if p.Imports[i.path], err = g.addImport(i.path, archive); err != nil {
			return err
		}
	}
	return nil
}

// addImport adds what a unit imports and returns its ID.
func (g *driverGraph) addImport(path, archive string) (string, error) {
	if p := g.packages[path]; p != nil && p.ExportFile == archive && p.GoFiles != nil {
		return path, nil
	}
	for _, u := range g.flags.below {
		if u.importpath == path && u.archive == archive {
			return path, g.addUnit(path, u)
		}
	}
	if entry, ok := g.index[path]; ok {
		return path, g.addOfLayer(entry, archive)
	}
	// The package under test, for its external tests.
	id := fmt.Sprintf("%s [%s]", path, archive)
	_, err := g.add(id, path, archive, nil)
	return id, err
}

// addOfLayer adds a package of the layer, and the archives of what it imports.
func (g *driverGraph) addOfLayer(entry indexEntry, archive string) error {
	folder := filepath.Join(g.flags.root, entry.Dir)
	if entry.Standard {
		folder = filepath.Join(g.goroot, entry.Dir)
	}
	var files []string
	for _, name := range entry.GoFiles {
		files = append(files, filepath.Join(folder, name))
	}
	p, err := g.add(entry.ImportPath, entry.ImportPath, archive, files)
	if err != nil {
		return err
	}
	for name, path := range entry.importsByName() {
		p.Imports[name] = path
		if g.packages[path] != nil {
			continue
		}
		if _, err := g.add(path, path, g.archive(path), nil); err != nil {
			return err
		}
	}
	return nil
}

func (g *driverGraph) add(id, path, archive string, files []string) (*driverPackage, error) {
	p := &driverPackage{ID: id, PkgPath: path, ExportFile: archive, Imports: map[string]string{}}
	for _, file := range files {
		file, err := filepath.Abs(file)
		if err != nil {
			return nil, err
		}
		p.GoFiles = append(p.GoFiles, file)
	}
	p.CompiledGoFiles = p.GoFiles
	g.packages[id] = p
	return p, nil
}
