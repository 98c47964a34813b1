// Package caller calls a function of another package as it must not be called.
package caller

import "tofusoup.dev/stock/tools/go/tests/faulty"

func init() { faulty.Printf("%d", "text") }
