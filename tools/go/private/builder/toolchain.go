package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// toolchain is the machine's Go.
type toolchain struct{ goroot string }

// newToolchain finds GOROOT through the go command, which is a link into it.
func newToolchain(command string) (toolchain, error) {
	path, err := filepath.EvalSymlinks(command)
	if err != nil {
		return toolchain{}, err
	}
	return toolchain{filepath.Dir(filepath.Dir(path))}, nil
}

// tool runs a program of the toolchain's own: compile, link, vet.
func (t toolchain) tool(name string, args ...string) error {
	path := filepath.Join(t.goroot, "pkg", "tool", runtime.GOOS+"_"+runtime.GOARCH, name)
	command := exec.Command(path, args...)
	command.Env = []string{"GOROOT=" + t.goroot}
	command.Stdout, command.Stderr = os.Stderr, os.Stderr
	return command.Run()
}

// goCommand runs the go command in a directory, with a cache that is empty at first, and returns what it
// prints.
func (t toolchain) goCommand(directory, cache string, args ...string) ([]byte, error) {
	command := exec.Command(filepath.Join(t.goroot, "bin", "go"), args...)
	command.Dir = directory
	command.Env = []string{
		"CGO_ENABLED=0",
		"GOCACHE=" + cache,
		"GOENV=off",
		"GOFLAGS=-mod=vendor",
		"GOPATH=/nonexistent",
		"GOPROXY=off",
		"GOROOT=" + t.goroot,
		"GOTELEMETRY=off",
		"GOTOOLCHAIN=local",
		"GOWORK=off",
	}
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		fmt.Fprintln(os.Stderr, "failed: go", args[0])
	}
	return out, err
}
