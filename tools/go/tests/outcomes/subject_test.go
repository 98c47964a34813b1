// Tests that end in every way, for go_test_test.
package greeting

import (
	"fmt"
	"os"
	"testing"
	"time"
)

func TestPasses(t *testing.T) {
	if !testing.Testing() {
		t.Error("package testing does not know that this is a test")
	}
	fmt.Println("ran TestPasses")
}

func TestSkips(t *testing.T) { t.Skip("not today") }

func TestFails(t *testing.T) { t.Error("it is broken") }

func TestPanics(*testing.T) { panic("out of order") }

func TestExits(*testing.T) { os.Exit(0) }

func TestHangs(*testing.T) { time.Sleep(time.Hour) }

func TestHasParts(t *testing.T) {
	for _, name := range []string{"one", "two"} {
		t.Run(name, func(*testing.T) { fmt.Println("ran part", name) })
	}
}

func FuzzLength(f *testing.F) {
	f.Add("good")
	f.Add("bad")
	f.Fuzz(func(t *testing.T, text string) {
		fmt.Println("ran seed", text)
		if len(text) == 3 {
			t.Errorf("%q has 3 bytes", text)
		}
	})
}

func ExampleGreeting() {
	fmt.Println(Greeting("k"))
	// Output: "\n\x01k" <nil>
}

func ExampleGreeting_wrong() {
	fmt.Println(Greeting("k"))
	// Output: another
}

func BenchmarkGreeting(b *testing.B) {
	for b.Loop() {
		if _, err := Greeting("k"); err != nil {
			b.Fatal(err)
		}
	}
}
