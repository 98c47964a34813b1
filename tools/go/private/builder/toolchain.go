package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// toolchain is the machine's Go.
type toolchain struct{ goroot string }

// newToolchain finds GOROOT through the go command, which is in it, or a link into it.
func newToolchain(command string) (toolchain, error) {
	path, err := filepath.EvalSymlinks(command)
	if err != nil {
		return toolchain{}, err
	}
	if path, err = filepath.Abs(path); err != nil {
		return toolchain{}, err
	}
	return toolchain{filepath.Dir(filepath.Dir(path))}, nil
}

// tool runs a program of the toolchain's own: compile, link, vet.
func (t toolchain) tool(name string, args ...string) error {
	command := t.command(name, args...)
	command.Stdout, command.Stderr = os.Stderr, os.Stderr
	return command.Run()
}

func (t toolchain) command(name string, args ...string) *exec.Cmd {
	path := filepath.Join(t.goroot, "pkg", "tool", runtime.GOOS+"_"+runtime.GOARCH, name)
	command := exec.Command(path, args...)
	command.Env = []string{"GOROOT=" + t.goroot}
	return command
}
