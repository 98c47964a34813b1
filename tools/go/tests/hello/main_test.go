package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func program(t *testing.T) string {
	t.Helper()
	return filepath.Join(os.Getenv("TEST_SRCDIR"), os.Getenv("PROGRAM"))
}

func TestTheProgramRuns(t *testing.T) {
	out, err := exec.Command(program(t), "a b", "").CombinedOutput()
	if expected := `"\n\x04data" ["a b" ""]` + "\n"; err != nil || string(out) != expected {
		t.Errorf("%q, %v; expected %q", out, err, expected)
	}
}

func TestTheProgramNeedsItsRunfiles(t *testing.T) {
	content, err := os.ReadFile(program(t))
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(copied, content, 0o755); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(copied)
	command.Env = []string{}
	out, err := command.CombinedOutput()
	if err == nil || !bytes.HasPrefix(out, []byte("program: open "+copied+".runfiles/")) {
		t.Errorf("%q, %v", out, err)
	}
}

// TestNothingOfTheBuildIsInTheProgram holds that a build elsewhere makes the same bytes.
func TestNothingOfTheBuildIsInTheProgram(t *testing.T) {
	content, err := os.ReadFile(program(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"execroot", "/sandbox/", "go-builder-", "go-layer-"} {
		if bytes.Contains(content, []byte(part)) {
			t.Errorf("%q is in the program", part)
		}
	}
}

// TestTheTestIsOfTheProgramsPackage holds that a test sees what is not exported, and the files beside it.
func TestTheTestIsOfTheProgramsPackage(t *testing.T) {
	if data != "" {
		t.Errorf("data = %q, which only the program's own link sets", data)
	}
	if content, err := os.ReadFile("testdata/beside.txt"); err != nil || string(content) != "beside" {
		t.Errorf("%q, %v", content, err)
	}
}
