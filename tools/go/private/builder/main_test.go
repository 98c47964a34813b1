package main

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func TestArgumentsOfAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "params")
	if err := os.WriteFile(path, []byte("link\n-x\na.b=\n\n-o\nout\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := arguments([]string{"@" + path})
	if expected := []string{"link", "-x", "a.b=", "", "-o", "out"}; err != nil || !reflect.DeepEqual(got, expected) {
		t.Errorf("%q, %v; expected %q", got, err, expected)
	}
	if _, err := arguments([]string{"@" + path + "gone"}); err == nil {
		t.Error("no error for a file that is not there")
	}
	if got, err := arguments([]string{"link", "@x"}); err != nil || len(got) != 2 {
		t.Errorf("%q, %v; expected what was given", got, err)
	}
}

func TestPairs(t *testing.T) {
	var p pairs
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Var(&p, "x", "")
	if err := flags.Parse([]string{"-x", "a.b=c=d", "-x", "e="}); err != nil {
		t.Fatal(err)
	}
	if expected := (pairs{{"a.b", "c=d"}, {"e", ""}}); !reflect.DeepEqual(p, expected) {
		t.Errorf("%v, expected %v", p, expected)
	}
	wantError(t, flags.Parse([]string{"-x", "a"}), `expected KEY=VALUE, got "a"`)
}
