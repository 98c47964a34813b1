package options

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// An Order is one argument of trade.
type Order struct {
	Kind     string // buy, sell or query
	Symbol   string
	Quantity int32 // 0 for query
}

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

// ParseOrder splits an order: `buy:SYMBOL:N` and `sell:SYMBOL:N` at the first colon and the last,
// `query:SYMBOL` at the first. Its error is a *UsageError.
func ParseOrder(argument string) (Order, error) {
	kind, rest, found := strings.Cut(argument, ":")
	order := Order{Kind: kind, Symbol: rest}
	switch kind {
	case "query":
	case "buy", "sell":
		colon := strings.LastIndexByte(rest, ':')
		if found = colon >= 0; !found {
			break
		}
		number := rest[colon+1:]
		n, err := strconv.ParseInt(number, 10, 32)
		found = err == nil && digits(strings.TrimPrefix(number, "-"))
		order.Symbol, order.Quantity = rest[:colon], int32(n)
	default:
		found = false
	}
	if !found || !utf8.ValidString(order.Symbol) {
		return Order{}, usageErrorf("trade: %q given, buy:SYMBOL:N, sell:SYMBOL:N or query:SYMBOL expected", argument)
	}
	return order, nil
}
