// Command program prints what a program of the rules sees.
package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tofusoup.dev/stock/tools/go/tests/greeting"
)

// data is the path of a file in the runfiles; the link sets it.
var data string

func main() {
	// Bazel sets the variable for a program among the runfiles of another.
	runfiles := cmp.Or(os.Getenv("RUNFILES_DIR"), os.Args[0]+".runfiles")
	if err := run(runfiles, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "program:", err)
		os.Exit(1)
	}
}

func run(runfiles string, args []string, out io.Writer) error {
	content, err := os.ReadFile(filepath.Join(runfiles, data))
	if err != nil {
		return err
	}
	greeted, err := greeting.Greeting(string(content))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s %q\n", greeted, args)
	return nil
}
