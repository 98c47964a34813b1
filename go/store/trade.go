package store

import (
	"fmt"
	"math"
)

// The kinds of an Order, numbered as on the wire. Any other number is an unknown kind.
const (
	Buy   = 0
	Sell  = 1
	Query = 2
)

// An Order asks to change a position, or what it is.
type Order struct {
	Kind     int32
	Symbol   string
	Quantity int32
}

// A Fill answers an order. A refused one has the quantity 0 and the reason as its message.
type Fill struct {
	Done      bool
	Quantity  int32
	Message   string
	Timestamp int64 // Unix nanoseconds: a tick of the store's one clock
}

// Trade carries out one order, or refuses it, atomically. It publishes nothing.
func (s *Store) Trade(order Order) Fill {
	s.mu.Lock()
	defer s.mu.Unlock()
	quantity, message, done := s.fill(order)
	return Fill{Done: done, Quantity: quantity, Message: message, Timestamp: s.tick()}
}

// fill decides an order. The order of the cases is normative. s.mu is held.
func (s *Store) fill(order Order) (quantity int32, message string, done bool) {
	have := s.positions[order.Symbol]
	want := order.Quantity
	switch {
	case CheckKey(order.Symbol) != nil:
		return 0, "invalid symbol", false
	case order.Kind != Buy && order.Kind != Sell && order.Kind != Query:
		return 0, fmt.Sprintf("unknown order type: %d", order.Kind), false
	case order.Kind == Query:
		return have, "position", true
	case want <= 0:
		return 0, "quantity must be positive", false
	case order.Kind == Buy && want > math.MaxInt32-have:
		return 0, "position limit", false
	case order.Kind == Sell && want > have:
		return 0, fmt.Sprintf("insufficient position: have %d, want %d", have, want), false
	case order.Kind == Buy:
		s.positions[order.Symbol] = have + want
		return want, "bought", true
	default:
		s.positions[order.Symbol] = have - want
		return want, "sold", true
	}
}
