package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// archives finds compiled packages: the module's own by name, all others in the dependency layer.
type archives struct {
	own    map[string]string
	layer  string
	module string
}

// find returns the archive of an imported package, or an error that says what to do.
func (a archives) find(i importSpec) (string, error) {
	if archive, ok := a.own[i.path]; ok {
		return archive, nil
	}
	if i.path == a.module || strings.HasPrefix(i.path, a.module+"/") {
		return "", i.errorf("no target of deps has this package: add its go_library to deps")
	}
	if i.path == "C" {
		return "", i.errorf("these rules have no cgo")
	}
	archive := a.archive(i.path)
	if _, err := os.Stat(archive); err == nil {
		return archive, nil
	}
	if i.standard() {
		return "", i.errorf("the standard library has no such package")
	}
	return "", i.errorf("not compiled: import it in go/deps/deps.go too, for its side effects (_), and run go mod tidy")
}

// archive returns where the layer has a package, if it has it.
func (a archives) archive(path string) string {
	return filepath.Join(a.layer, filepath.FromSlash(path)+".a")
}

// configFor writes the compiler's import configuration for sources and returns its path.
func (a archives) configFor(sources []source, directory string) (string, error) {
	found := map[string]string{}
	for _, s := range sources {
		for _, i := range s.imports {
			if i.path == "unsafe" {
				continue
			}
			archive, err := a.find(i)
			if err != nil {
				return "", err
			}
			found[i.path] = archive
		}
	}
	return writeConfig(found, directory)
}

// configForAll writes the linker's import configuration: all packages that there are.
func (a archives) configForAll(directory string) (string, error) {
	found := map[string]string{}
	err := filepath.WalkDir(a.layer, func(path string, entry fs.DirEntry, err error) error {
		if name, ok := strings.CutSuffix(path, ".a"); ok && err == nil && !entry.IsDir() {
			relative, err := filepath.Rel(a.layer, name)
			found[filepath.ToSlash(relative)] = path
			return err
		}
		return err
	})
	if err != nil {
		return "", err
	}
	for path, archive := range a.own {
		found[path] = archive
	}
	return writeConfig(found, directory)
}

func writeConfig(found map[string]string, directory string) (string, error) {
	var lines []string
	for path, archive := range found {
		lines = append(lines, fmt.Sprintf("packagefile %s=%s\n", path, archive))
	}
	slices.Sort(lines)
	file, err := os.CreateTemp(directory, "importcfg-")
	if err != nil {
		return "", err
	}
	if _, err := file.WriteString(strings.Join(lines, "")); err != nil {
		return "", err
	}
	return file.Name(), file.Close()
}

func copyFile(from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o644)
}
