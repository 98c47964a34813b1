package options

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// ParseItem splits an item of a batch, `KEY=VALUE`, at its first `=`. Its error is a *UsageError.
func ParseItem(argument string) (key, value string, err error) {
	key, value, found := strings.Cut(argument, "=")
	if !found {
		return "", "", usageErrorf("batch: %q given, KEY=VALUE expected", argument)
	}
	if !utf8.ValidString(key) {
		return "", "", usageErrorf("batch: %q given, a key of UTF-8 expected", key)
	}
	return key, value, nil
}

// ParseOrder splits an order, `buy:SYMBOL:N`, `sell:SYMBOL:N` or `query:SYMBOL`; a symbol may have colons of
// its own. Its error is a *UsageError.
func ParseOrder(argument string) (kind, symbol string, quantity int32, err error) {
	kind, symbol, _ = strings.Cut(argument, ":")
	number := "0"
	wellFormed := kind == "query" && len(argument) > len(kind)
	if kind == "buy" || kind == "sell" {
		colon := strings.LastIndexByte(symbol, ':')
		if wellFormed = colon >= 0; wellFormed {
			symbol, number = symbol[:colon], symbol[colon+1:]
		}
	}
	n, numberErr := strconv.ParseInt(number, 10, 32)
	if !wellFormed || numberErr != nil || !digits(strings.TrimPrefix(number, "-")) || !utf8.ValidString(symbol) {
		return "", "", 0, usageErrorf("trade: %q given, buy:SYMBOL:N, sell:SYMBOL:N or query:SYMBOL expected", argument)
	}
	return kind, symbol, int32(n), nil
}
