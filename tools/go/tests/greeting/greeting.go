// Package greeting is a package of this module over generated and third-party code.
package greeting

import (
	"fmt"

	"google.golang.org/protobuf/proto"

	"tofusoup.dev/stock/go/stockpb"
)

// Greeting returns the bytes of a message about a name, quoted.
func Greeting(name string) (string, error) {
	content, err := proto.Marshal(&stockpb.GetRequest{Key: name})
	return fmt.Sprintf("%q", content) + platform, err
}

const platform = ""
