// Command layer_builder makes the dependency layer of the Go rules: it compiles third-party packages, and programs
// out of them.
//
// It is apart from the builder, so that only a change of this program compiles the layer anew. It imports the
// standard library only.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// options are the command line.
type options struct {
	command, root, archives, index string
	programs                       [][2]string
	patterns                       []string
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
	flags := flag.NewFlagSet("layer_builder", flag.ExitOnError)
	flags.StringVar(&o.command, "go", "", "the go command")
	flags.StringVar(&o.root, "root", "", "folder of go.mod and vendor")
	flags.StringVar(&o.archives, "archives", "", "folder for IMPORT/PATH.a")
	flags.StringVar(&o.index, "index", "", "file for the JSON list of packages")
	flags.Func("program", "IMPORTPATH=FILE, a program to make, repeated", func(text string) error {
		importpath, file, found := strings.Cut(text, "=")
		if !found {
			return errors.New("expected IMPORTPATH=FILE")
		}
		o.programs = append(o.programs, [2]string{importpath, file})
		return nil
	})
	_ = flags.Parse(args) // exits on an error
	o.patterns = flags.Args()
	return o
}

// run makes what the options name, in a copy of the module.
func run(o options) error {
	// The command is in GOROOT, or a link into it.
	command, err := filepath.EvalSymlinks(o.command)
	if err != nil {
		return err
	}
	if command, err = filepath.Abs(command); err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "go-layer-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	g := goCommand{
		goroot: filepath.Dir(filepath.Dir(command)),
		module: filepath.Join(scratch, "module"),
		cache:  filepath.Join(scratch, "cache"),
	}
	if err := copyFiles(o.root, g.module); err != nil {
		return err
	}
	for _, p := range o.programs {
		if err := g.buildProgram(p[0], p[1]); err != nil {
			return err
		}
	}
	entries, err := g.compilePackages(o.patterns)
	if err != nil {
		return err
	}
	return writeLayer(entries, o.archives, o.index)
}

// goCommand is the go command over one vendored module, with a cache that is empty at first.
type goCommand struct{ goroot, module, cache string }

// run returns what the command prints; where it fails it has said why.
func (g goCommand) run(args ...string) ([]byte, error) {
	command := exec.Command(filepath.Join(g.goroot, "bin", "go"), args...)
	command.Dir = g.module
	command.Env = []string{
		"CGO_ENABLED=0",
		"GOCACHE=" + g.cache,
		"GOENV=off",
		"GOFLAGS=-mod=vendor",
		"GOPATH=/nonexistent",
		"GOPROXY=off",
		"GOROOT=" + g.goroot,
		"GOTELEMETRY=off",
		"GOTOOLCHAIN=local",
		"GOWORK=off",
	}
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w", args[0], err)
	}
	return out, nil
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
