package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// compile compiles one file as a package by the builder, in a folder of its own, and returns the archive or what was
// printed.
func compile(t *testing.T, source string, flags ...string) (archive []byte, out string) {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "a.go"), []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	args := append([]string{
		"compile", "-go", file(t, "/go"), "-layer", file(t, "_archives"), "-lang", "go1.26", "-module", "m.dev",
	}, flags...)
	command := exec.Command(file(t, "/builder"), append(args, "-package", "m.dev/a=a.a", "-src", "a.go")...)
	command.Dir = folder
	command.Env = []string{"TMPDIR=" + t.TempDir()}
	text, err := command.CombinedOutput()
	if err != nil {
		return nil, string(text)
	}
	if archive, err = os.ReadFile(filepath.Join(folder, "a.a")); err != nil {
		t.Fatal(err)
	}
	return archive, string(text)
}

// file returns where the file of the toolchain is whose path ends in a suffix.
func file(t *testing.T, suffix string) string {
	t.Helper()
	for path := range strings.FieldsSeq(os.Getenv("TOOLCHAIN")) {
		if strings.HasSuffix(path, suffix) {
			return filepath.Join(os.Getenv("TEST_SRCDIR"), path)
		}
	}
	t.Fatalf("no file of the toolchain ends in %s: %s", suffix, os.Getenv("TOOLCHAIN"))
	return ""
}

// TestTheFolderIsNotInTheArchive holds that a build elsewhere makes the same bytes.
func TestTheFolderIsNotInTheArchive(t *testing.T) {
	for _, flags := range [][]string{nil, {"-debug"}} {
		source := "package a\n\nfunc F() { panic(\"here\") }\n"
		one, out := compile(t, source, flags...)
		two, _ := compile(t, source, flags...)
		if len(one) == 0 || string(one) != string(two) {
			t.Errorf("%v: archives of %d and %d bytes, expected equal ones: %s", flags, len(one), len(two), out)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	for source, expected := range map[string]string{
		"package a\n\nimport \"m.dev/b\"\n":                                     `a.go:3:8: import "m.dev/b": no target of deps has this package: add its go_library to deps`,
		"package a\n\nimport \"google.golang.org/nowhere\"\n":                   "import it in go/deps/deps.go too",
		"package a\n\nimport \"C\"\n":                                           "these rules have no cgo",
		"package a\n\nimport _ \"embed\"\n\n//go:embed a.go\nvar text string\n": "go:embed",
		"package a\n\nimport \"fmt\"\n":                                         `a.go:3:8: "fmt" imported and not used`,
		"package a\n\nfunc f() { x }\n":                                         "a.go:3:12: undefined: x",
		"package a\n\nfunc f() int\n":                                           "a.go:3:6: missing function body",
		"//go:build plan9\n\npackage a\n":                                       "m.dev/a: no source is for this platform",
	} {
		if archive, out := compile(t, source); archive != nil || !strings.Contains(out, expected) {
			t.Errorf("archive of %d bytes, expected %q:\n%s\n%s", len(archive), expected, source, out)
		}
	}
}
