// Package headers converts metadata between grpc-go's form and the session protocol's.
package headers

import (
	"maps"
	"slices"
	"strings"

	"google.golang.org/grpc/metadata"

	"tofusoup.dev/stock/go/sessionpb"
)

// FromMD returns the entries of md that belong to the application, by name; values of a name keep their
// order. Those that HTTP/2 and gRPC keep to themselves are left out.
func FromMD(md metadata.MD) *sessionpb.Metadata {
	out := &sessionpb.Metadata{}
	for _, name := range slices.Sorted(maps.Keys(md)) {
		if reserved(name) {
			continue
		}
		for _, value := range md[name] {
			out.Entries = append(out.Entries, &sessionpb.Header{Name: name, Value: []byte(value)})
		}
	}
	return out
}

// ToMD returns metadata as grpc-go takes it.
func ToMD(m *sessionpb.Metadata) metadata.MD {
	md := make(metadata.MD, len(m.GetEntries()))
	for _, entry := range m.GetEntries() {
		md[entry.GetName()] = append(md[entry.GetName()], string(entry.GetValue()))
	}
	return md
}

func reserved(name string) bool {
	return name == "content-type" || strings.HasPrefix(name, ":") || strings.HasPrefix(name, "grpc-")
}
