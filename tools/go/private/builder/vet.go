package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// vetConfig describes one unit to the toolchain's vet. The names are those of type Config of package unitchecker in
// golang.org/x/tools/go/analysis, which go vet writes too.
type vetConfig struct {
	ID, Compiler, ImportPath, GoVersion, ModulePath string

	GoFiles     []string
	ImportMap   map[string]string
	PackageFile map[string]string
	Standard    map[string]bool
	// What vet learned of the imported packages, and where it writes what it learns of this one.
	PackageVetx map[string]string
	VetxOutput  string
}

// vet returns what vet finds, in an order in which it learns of packages before it meets their callers.
func (c compiler) vet(f *lintFlags) ([]byte, error) {
	var found bytes.Buffer
	learned := map[string]string{}
	for n, u := range dependenciesFirst(f.units) {
		config, err := c.vetConfig(u, learned)
		if err != nil {
			return nil, err
		}
		config.VetxOutput = filepath.Join(c.scratch, fmt.Sprintf("%d.vetx", n))
		path := filepath.Join(c.scratch, fmt.Sprintf("%d.cfg", n))
		if err := writeJSON(path, config); err != nil {
			return nil, err
		}
		linter := c.command("vet", path)
		out, err := findings(linter, &linter.Stderr)
		if err != nil {
			return nil, fmt.Errorf("vet of %s: %w", u.importpath, err)
		}
		found.Write(out)
		// There is none of a package that vet could not check.
		if _, err := os.Stat(config.VetxOutput); err == nil {
			learned[u.importpath] = config.VetxOutput
		}
	}
	return found.Bytes(), nil
}

func (c compiler) vetConfig(u *unit, learned map[string]string) (vetConfig, error) {
	config := vetConfig{
		ID: u.importpath, Compiler: "gc", ImportPath: u.importpath, GoVersion: c.lang, ModulePath: c.module,
		GoFiles:     pathsOf(u.sources),
		ImportMap:   map[string]string{"unsafe": "unsafe"},
		PackageFile: map[string]string{},
		Standard:    map[string]bool{},
		PackageVetx: map[string]string{},
	}
	for _, i := range u.imports() {
		archive, err := c.archiveFor(u, i)
		if err != nil {
			return vetConfig{}, err
		}
		config.ImportMap[i.path], config.PackageFile[i.path] = i.path, archive
		if i.standard() {
			config.Standard[i.path] = true
		}
		if facts, ok := learned[i.path]; ok {
			config.PackageVetx[i.path] = facts
		}
	}
	return config, nil
}

func writeJSON(path string, value any) error {
	content, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o644)
}
