package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"tofusoup.dev/stock/go/stockpb"
)

// eventLine returns the line of an event: `TIMESTAMP PUT KEY VALUE` or `TIMESTAMP DELETE KEY`, by tabs.
func eventLine(event *stockpb.WatchEvent) string {
	if event.GetType() == stockpb.WatchEvent_DELETE {
		return fmt.Sprintf("%d\tDELETE\t%s\n", event.GetTimestamp(), escape(event.GetKey()))
	}
	return fmt.Sprintf("%d\tPUT\t%s\t%s\n", event.GetTimestamp(), escape(event.GetKey()), escape(string(event.GetValue())))
}

// fillLine returns the line of a fill: `ok SYMBOL N MESSAGE` or `rejected SYMBOL 0 MESSAGE`, by tabs.
func fillLine(fill *stockpb.TradeFill) string {
	verdict := "rejected"
	if fill.GetSuccess() {
		verdict = "ok"
	}
	return fmt.Sprintf("%s\t%s\t%d\t%s\n", verdict, escape(fill.GetSymbol()), fill.GetQuantityFilled(), oneLine(fill.GetMessage()))
}

// escape returns text fit for one field of a line: `\\`, `\n`, `\r`, `\t`, and `\xHH` for other bytes below
// 0x20, 0x7F, and bytes that are not UTF-8.
func escape(text string) string {
	var out strings.Builder
	for i, width := 0, 0; i < len(text); i += width {
		var r rune
		r, width = utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\\':
			out.WriteString(`\\`)
		case r == '\n':
			out.WriteString(`\n`)
		case r == '\r':
			out.WriteString(`\r`)
		case r == '\t':
			out.WriteString(`\t`)
		case r < 0x20, r == 0x7F, r == utf8.RuneError && width == 1:
			fmt.Fprintf(&out, `\x%02X`, text[i])
		default:
			out.WriteString(text[i : i+width])
		}
	}
	return out.String()
}

// oneLine returns a peer's text without the ends of lines that would make it several.
func oneLine(text string) string {
	return strings.NewReplacer("\n", `\n`, "\r", `\r`).Replace(text)
}
