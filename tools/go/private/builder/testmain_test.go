package main

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

const internalTest = `package a

import "testing"

func TestA(t *testing.T) {}
func Test(*testing.T) {}
func Test_b(t *testing.T) {}
func TestÄ(t *testing.T) {}
func Testing(t *testing.T) {}
func (s suite) TestMethod(t *testing.T) {}
func BenchmarkA(b *testing.B) {}
func FuzzA(f *testing.F) {}

type suite struct{}
`

const externalTest = `package a_test

import (
	"fmt"
	. "testing"
)

func TestDot(t *T) {}

func TestMain(m *M) {}

func Example() {
	fmt.Println("x")
	// Output: x
}

func Example_unordered() {
	fmt.Println("y\"")
	// Unordered output: y"
}

func ExampleCompiledOnly() {}
`

func TestNewTestMain(t *testing.T) {
	sources := sourcesOf(t, internalTest, externalTest)
	m, err := newTestMain("m.dev/a", "folder", sources[:1], sources[1:])
	if err != nil {
		t.Fatal(err)
	}
	for what, list := range map[string][]testFunc{
		"_test.TestA _test.Test _test.Test_b _test.TestÄ _xtest.TestDot": m.Tests,
		"_test.BenchmarkA": m.Benchmarks,
		"_test.FuzzA":      m.Fuzz,
		"_xtest.Example _xtest.Example_unordered": m.Examples,
	} {
		var got []string
		for _, f := range list {
			got = append(got, f.Package+"."+f.Name)
		}
		if strings.Join(got, " ") != what {
			t.Errorf("%q, expected %q", got, what)
		}
	}
	if m.Main == nil || m.Main.Package != externalAlias {
		t.Errorf("TestMain: %v", m.Main)
	}
	if unordered := m.Examples[1]; !unordered.Unordered || unordered.Output != "y\"\n" {
		t.Errorf("%+v", unordered)
	}
}

func TestNewTestMainRefuses(t *testing.T) {
	main := "package a\n\nimport \"testing\"\n\nfunc TestMain(m *testing.M) {}\nfunc TestA(t *testing.T) {}\n"
	sources := sourcesOf(t, main, "package a\n\nimport \"testing\"\n\nfunc TestMain(m *testing.M) {}\n", "package a\n")
	_, err := newTestMain("m.dev/a", "", sources[:2], nil)
	wantError(t, err, "x1.go: a second TestMain")
	_, err = newTestMain("m.dev/a", "", sources[2:], nil)
	wantError(t, err, "m.dev/a: no test, benchmark, fuzz test or example with output in the sources")
}

// TestTextIsAProgram holds that what is generated parses, and imports nothing that it does not name.
func TestTextIsAProgram(t *testing.T) {
	sources := sourcesOf(t, internalTest, externalTest, "package a\n")
	for _, test := range []struct {
		internal, external []source
		imports            []string
	}{
		{sources[:1], nil, []string{`_test "m.dev/a"`}},
		{nil, sources[1:2], []string{`_xtest "m.dev/a_test"`}},
		{sources[2:], sources[1:2], []string{`_ "m.dev/a"`, `_xtest "m.dev/a_test"`}},
	} {
		m, err := newTestMain("m.dev/a", `fol"der`, test.internal, test.external)
		if err != nil {
			t.Fatal(err)
		}
		text, err := m.text()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.ParseFile(token.NewFileSet(), "main.go", text, parser.AllErrors); err != nil {
			t.Errorf("%v:\n%s", err, text)
		}
		for _, spec := range append(test.imports, `"`+supportPackage+`"`) {
			if !strings.Contains(string(text), spec) {
				t.Errorf("no import %s:\n%s", spec, text)
			}
		}
	}
}

func TestAWrongSignatureIsRefused(t *testing.T) {
	for function, expected := range map[string]string{
		"TestTwo(t, u *testing.T)":         "expected func TestTwo(t *testing.T)",
		"TestResult(t *testing.T) error":   "expected func TestResult(t *testing.T)",
		"TestNothing()":                    "expected func TestNothing(t *testing.T)",
		"TestGeneric[T any](t *testing.T)": "expected func TestGeneric(t *testing.T)",
		"TestMain(m *testing.B)":           "expected func TestMain(t *testing.T)",
		"TestValue(t testing.T)":           "expected func TestValue(t *testing.T)",
		"FuzzT(t *testing.T)":              "expected func FuzzT(f *testing.F)",
		"BenchmarkT(t *testing.T)":         "expected func BenchmarkT(b *testing.B)",
	} {
		_, err := newTestMain("m.dev/a", "", sourcesOf(t, "package a\n\nfunc "+function+" {}\n"), nil)
		wantError(t, err, "x0.go: wrong signature for ", expected)
	}
}
