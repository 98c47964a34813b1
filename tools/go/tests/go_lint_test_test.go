package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestEachLinterFindsItsFault holds that a linter is red for what it finds, by the file's name in the workspace.
func TestEachLinterFindsItsFault(t *testing.T) {
	const folder = "tools/go/tests/faults/"
	tests := map[string][]string{
		"VET": {
			folder + "caller/caller.go:6:30: tofusoup.dev/stock/tools/go/tests/faulty.Printf format %d has arg \"text\" of wrong type string",
		},
		"STATICCHECK": {
			folder + "faulty/faulty.go:14:48: google.golang.org/grpc.Dial is deprecated: use NewClient instead.",
			folder + "faulty/faulty.go:16:6: func unused is unused (U1000)",
		},
	}
	for variable, expected := range tests {
		command := exec.Command(filepath.Join(os.Getenv("TEST_SRCDIR"), os.Getenv(variable)))
		command.Dir = filepath.Join(os.Getenv("TEST_SRCDIR"), "_main")
		out, err := command.CombinedOutput()
		if err == nil {
			t.Errorf("%s passes, expected %q", variable, expected)
		}
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		for n, line := range expected {
			if n >= len(lines) || !strings.HasPrefix(lines[n], line) {
				t.Errorf("%s, expected line %d to be %q:\n%s", variable, n, line, out)
			}
		}
		if len(lines) != len(expected) {
			t.Errorf("%s: %d lines, expected %d:\n%s", variable, len(lines), len(expected), out)
		}
	}
}
