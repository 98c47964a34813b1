package main

import (
	"errors"
	"flag"
	"fmt"
)

// unit is what is compiled or judged as one: the sources of one package.
type unit struct {
	importpath string
	// archive is the package, compiled; empty for a program that is only judged.
	archive string
	files   []string
	sources []source
	// variant is, for tests of package NAME_test, the archive of NAME that they are linked with.
	variant string
}

// unitFlags gives flags that each open a unit, `-NAME IMPORTPATH=ARCHIVE`, and one that adds to the last one opened,
// `-src FILE`.
type unitFlags struct{ last *unit }

func (f *unitFlags) opens(flags *flag.FlagSet, name string, list *[]*unit, usage string) {
	flags.Func(name, "IMPORTPATH=ARCHIVE "+usage+", repeated", func(text string) error {
		p, err := parsePair(text)
		if err != nil {
			return err
		}
		f.last = &unit{importpath: p.key, archive: p.value}
		*list = append(*list, f.last)
		return nil
	})
}

func (f *unitFlags) adds(flags *flag.FlagSet) {
	flags.Func("src", "source of the package named before it, repeated", func(path string) error {
		if f.last == nil {
			return errors.New("expected after the package that it is of")
		}
		f.last.files = append(f.last.files, path)
		return nil
	})
}

// parse reads the sources that are for this platform.
func (u *unit) parse() error {
	sources, err := parseSources(u.files)
	if err != nil {
		return err
	}
	if len(sources) == 0 && len(u.files) > 0 {
		return fmt.Errorf("%s: no source is for this platform", u.importpath)
	}
	u.sources = sources
	return nil
}

// imports returns what the sources import, each package once, without unsafe, which has no archive.
func (u *unit) imports() []importSpec {
	var found []importSpec
	seen := map[string]bool{"unsafe": true}
	for _, s := range u.sources {
		for _, i := range s.imports {
			if !seen[i.path] {
				seen[i.path] = true
				found = append(found, i)
			}
		}
	}
	return found
}

// dependenciesFirst sorts units so that each comes after those it imports; a cycle is left to the compiler.
func dependenciesFirst(units []*unit) []*unit {
	var sorted []*unit
	seen := map[*unit]bool{}
	var visit func(u *unit)
	visit = func(u *unit) {
		if seen[u] {
			return
		}
		seen[u] = true
		for _, i := range u.imports() {
			for _, other := range units {
				if other.importpath == i.path {
					visit(other)
				}
			}
		}
		sorted = append(sorted, u)
	}
	for _, u := range units {
		visit(u)
	}
	return sorted
}
