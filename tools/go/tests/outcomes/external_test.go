package greeting_test

import (
	"fmt"
	"testing"

	"tofusoup.dev/stock/tools/go/tests/greeting"
)

func TestOutside(t *testing.T) {
	if got, err := greeting.Greeting("k"); err != nil || got != `"\n\x01k"` {
		t.Errorf("%q, %v", got, err)
	}
	fmt.Println("ran TestOutside")
}
