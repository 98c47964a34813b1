package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// testFlags are the flags of the verb test.
type testFlags struct {
	compilerFlags
	deps, transitive, definitions pairs
	library, librarySources       list
	importpath, directory         string
	archive, out                  string
}

func parseTestFlags(args []string) (*testFlags, []string, error) {
	f := new(testFlags)
	flags := newFlags("test")
	f.register(flags)
	flags.Var(&f.deps, "dep", "IMPORTPATH=ARCHIVE of an own package that may be imported, repeated")
	flags.Var(&f.transitive, "transitive", "IMPORTPATH=ARCHIVE of an own package below deps, repeated")
	flags.Var(&f.definitions, "x", "IMPORTPATH.NAME=VALUE of a string variable, repeated")
	flags.Var(&f.library, "library", "archive of the package under test, if it is no program")
	flags.Var(&f.librarySources, "librarysrc", "source of the package under test, repeated")
	flags.StringVar(&f.importpath, "importpath", "", "import path of the package under test")
	flags.StringVar(&f.directory, "directory", "", "folder of the test's sources, where its testdata is")
	flags.StringVar(&f.archive, "archive", "", "archive to make: the package under test with its own tests")
	flags.StringVar(&f.out, "o", "", "the program")
	err := flags.Parse(args)
	return f, flags.Args(), err
}

// testVerb makes the program that runs tests: the package under test compiled with its own tests, the tests
// of package NAME_test, and a generated main.
func testVerb(args []string) error {
	f, paths, err := parseTestFlags(args)
	if err != nil {
		return err
	}
	c, done, err := f.compiler(f.deps)
	if err != nil {
		return err
	}
	defer done()
	sources, err := parseSources(paths)
	if err != nil {
		return err
	}
	internal, external := splitTests(sources)
	if err := f.compileInternal(c, internal); err != nil {
		return err
	}
	externalArchive := filepath.Join(c.scratch, "external.a")
	if len(external) > 0 {
		if err := c.compile(f.importpath+"_test", external, externalArchive); err != nil {
			return err
		}
		c.own[f.importpath+"_test"] = externalArchive
	}
	for _, p := range f.transitive {
		c.own[p.key] = p.value
	}
	m, err := newTestMain(f.importpath, f.directory, internal, external)
	if err != nil {
		return err
	}
	return f.linkMain(c, m)
}

// compileInternal compiles the package under test, with the tests that are of its package.
func (f *testFlags) compileInternal(c compiler, internal []source) error {
	defer func() { c.own[f.importpath] = f.archive }()
	if len(internal) == 0 && len(f.library) > 0 {
		return copyFile(f.library[0], f.archive)
	}
	if len(internal) == 0 && len(f.librarySources) == 0 {
		return os.WriteFile(f.archive, nil, 0o644)
	}
	for _, p := range f.transitive {
		if p.key == f.importpath {
			return fmt.Errorf("%s: a target of deps imports it, and its own tests compile it anew, so there would be two: "+
				"move them to package %s_test", p.key, filepath.Base(p.key))
		}
	}
	library, err := parseSources(f.librarySources)
	if err != nil {
		return err
	}
	return c.compile(f.importpath, append(library, internal...), f.archive)
}

func (f *testFlags) linkMain(c compiler, m testMain) error {
	path := filepath.Join(c.scratch, "testmain.go")
	text, err := m.text()
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		return err
	}
	sources, err := parseSources([]string{path})
	if err != nil {
		return err
	}
	archive := filepath.Join(c.scratch, "main.a")
	if err := c.compile("main", sources, archive); err != nil {
		return err
	}
	// testing.Testing reports true by this.
	return c.link(archive, f.out, append(f.definitions, pair{"testing.testBinary", "1"}))
}
