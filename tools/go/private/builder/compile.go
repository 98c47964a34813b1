package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

// compiler compiles packages and links programs.
type compiler struct {
	toolchain
	archives
	lang    string
	debug   bool
	scratch string
}

// compilerFlags are the flags that all verbs over own code have.
type compilerFlags struct {
	command, layer, lang, module string
	debug                        bool
}

func (f *compilerFlags) register(flags *flag.FlagSet) {
	flags.StringVar(&f.command, "go", "", "the go command")
	flags.StringVar(&f.layer, "layer", "", "folder of the dependency layer's archives")
	flags.StringVar(&f.lang, "lang", "", "version of the language, go1.26")
	flags.StringVar(&f.module, "module", "", "import path of the module that the layer is for")
	flags.BoolVar(&f.debug, "debug", false, "compile for a debugger")
}

// compiler returns the compiler that the flags name, and what removes its scratch folder.
func (f *compilerFlags) compiler(own pairs) (compiler, func(), error) {
	t, err := newToolchain(f.command)
	if err != nil {
		return compiler{}, nil, err
	}
	scratch, err := os.MkdirTemp("", "go-builder-")
	if err != nil {
		return compiler{}, nil, err
	}
	a := archives{own: map[string]string{}, layer: f.layer, module: f.module}
	for _, p := range own {
		a.own[p.key] = p.value
	}
	return compiler{t, a, f.lang, f.debug, scratch}, func() { os.RemoveAll(scratch) }, nil
}

// compile compiles the sources of one package into an archive.
func (c compiler) compile(importpath string, sources []source, out string) error {
	if len(sources) == 0 {
		return fmt.Errorf("%s: no source is for this platform", importpath)
	}
	config, err := c.configFor(sources, c.scratch)
	if err != nil {
		return err
	}
	directory, err := os.Getwd()
	if err != nil {
		return err
	}
	args := []string{
		"-p", importpath, "-o", out, "-importcfg", config, "-lang", c.lang,
		"-trimpath", c.scratch + ";" + directory, "-buildid=", "-complete", "-pack",
	}
	if c.debug {
		args = append(args, "-N", "-l")
	} else {
		args = append(args, "-dwarf=false")
	}
	return c.tool("compile", append(args, pathsOf(sources)...)...)
}

// compileVerb compiles packages that may import each other.
func compileVerb(args []string) error {
	var common compilerFlags
	var deps pairs
	var packages []*unit
	var sources unitFlags
	flags := newFlags("compile")
	common.register(flags)
	flags.Var(&deps, "dep", "IMPORTPATH=ARCHIVE of an own package that may be imported, repeated")
	sources.opens(flags, "package", &packages, "to make")
	sources.adds(flags)
	if err := flags.Parse(args); err != nil {
		return err
	}
	c, done, err := common.compiler(deps)
	if err != nil {
		return err
	}
	defer done()
	for _, p := range packages {
		if err := p.parse(); err != nil {
			return err
		}
	}
	for _, p := range dependenciesFirst(packages) {
		if err := c.compile(p.importpath, p.sources, p.archive); err != nil {
			return err
		}
		c.own[p.importpath] = p.archive
	}
	return nil
}

// linkVerb makes a program of the sources of one package main.
func linkVerb(args []string) error {
	var common compilerFlags
	var deps, transitive, definitions pairs
	flags := newFlags("link")
	common.register(flags)
	flags.Var(&deps, "dep", "IMPORTPATH=ARCHIVE of an own package that may be imported, repeated")
	flags.Var(&transitive, "transitive", "IMPORTPATH=ARCHIVE of an own package, repeated")
	flags.Var(&definitions, "x", "IMPORTPATH.NAME=VALUE of a string variable, repeated")
	out := flags.String("o", "", "the program")
	if err := flags.Parse(args); err != nil {
		return err
	}
	c, done, err := common.compiler(deps)
	if err != nil {
		return err
	}
	defer done()
	sources, err := parseSources(flags.Args())
	if err != nil {
		return err
	}
	for _, s := range sources {
		if name := s.file.Name.Name; name != "main" {
			return fmt.Errorf("%s: package %s: a program is package main", s.path, name)
		}
	}
	main := c.scratch + "/main.a"
	if err := c.compile("main", sources, main); err != nil {
		return err
	}
	for _, p := range transitive {
		c.own[p.key] = p.value
	}
	return c.link(main, *out, definitions)
}

// link makes a program of an archive of package main.
func (c compiler) link(main, out string, definitions pairs) error {
	config, err := c.configForAll(c.scratch)
	if err != nil {
		return err
	}
	args := []string{"-o", out, "-importcfg", config, "-buildmode=exe", "-buildid="}
	if !c.debug {
		args = append(args, "-s", "-w")
	}
	for _, d := range definitions {
		args = append(args, "-X", strings.Join([]string{d.key, d.value}, "="))
	}
	return c.tool("link", append(args, main)...)
}
