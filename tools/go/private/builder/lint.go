package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// lintFlags are the flags of the verb lint.
type lintFlags struct {
	compilerFlags
	units, below         []*unit
	index, root, program string
	report               string
}

func (f *lintFlags) register(flags *flag.FlagSet) {
	f.compilerFlags.register(flags)
	var sources unitFlags
	sources.opens(flags, "unit", &f.units, "of a package to judge, with its tests among its sources")
	sources.opens(flags, "package", &f.below, "of an own package below the units")
	sources.adds(flags)
	flags.StringVar(&f.index, "index", "", "list of the layer's packages")
	flags.StringVar(&f.root, "root", "", "folder of the third-party modules, which the index is relative to")
	flags.StringVar(&f.program, "staticcheck", "", "the linter staticcheck; without it the linter is vet")
	flags.StringVar(&f.report, "report", "", "file to make: what the linter found; empty if nothing")
}

// lintVerb writes what a linter finds in packages and their tests; to find something is no error.
func lintVerb(args []string) error {
	f := new(lintFlags)
	flags := newFlags("lint")
	f.register(flags)
	if err := flags.Parse(args); err != nil {
		return err
	}
	var own pairs
	for _, u := range f.below {
		own = append(own, pair{u.importpath, u.archive})
	}
	c, done, err := f.compiler(own)
	if err != nil {
		return err
	}
	defer done()
	if err := f.parse(); err != nil {
		return err
	}
	lint := c.vet
	if f.program != "" {
		lint = c.staticcheck
	}
	found, err := lint(f)
	if err != nil {
		return err
	}
	return os.WriteFile(f.report, found, 0o644)
}

// parse reads the sources, and makes units of their own of tests of package NAME_test.
func (f *lintFlags) parse() error {
	for _, u := range f.below {
		if err := u.parse(); err != nil {
			return err
		}
	}
	var units []*unit
	for _, u := range f.units {
		if err := u.parse(); err != nil {
			return err
		}
		internal, external := splitTests(u.sources)
		u.sources = internal
		if len(internal) > 0 {
			units = append(units, u)
		}
		if len(external) > 0 {
			units = append(units, &unit{importpath: u.importpath + "_test", sources: external, variant: u.archive})
		}
	}
	f.units = units
	return nil
}

// archiveFor returns the archive of what a unit imports.
func (c compiler) archiveFor(u *unit, i importSpec) (string, error) {
	if u.variant != "" && i.path+"_test" == u.importpath {
		return u.variant, nil
	}
	return c.find(i)
}

// findings runs a linter, which fails if it finds something, and returns what it finds: what it prints to one of its
// streams.
func findings(linter *exec.Cmd, stream *io.Writer) ([]byte, error) {
	var found, other bytes.Buffer
	linter.Stdout, linter.Stderr = &other, &other
	*stream = &found
	err := linter.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.Exited() && found.Len() > 0 {
		return found.Bytes(), nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w\n%s%s", err, found.Bytes(), other.Bytes())
	}
	return found.Bytes(), nil
}
