package store

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
)

func TestCheckKey(t *testing.T) {
	for _, key := range []string{"a", "../x", "a//b", "*", "__proto__", " ", "é", "\U0001F600", strings.Repeat("k", 1024)} {
		if err := CheckKey(key); err != nil {
			t.Errorf("%q: %v, expected no error", key, err)
		}
	}
	for _, key := range []string{"", "a\x00b", "\xff", "a\xc3", strings.Repeat("k", 1025), strings.Repeat("é", 513)} {
		if err := CheckKey(key); !errors.Is(err, ErrInvalidKey) {
			t.Errorf("%q: %v, expected %v", key, err, ErrInvalidKey)
		}
	}
}

func TestTotalsFollowChanges(t *testing.T) {
	s := New()
	steps := []struct {
		do           func() error
		items, bytes int64
		err          error
	}{
		{func() error { return s.Put("a", []byte("123")) }, 1, 3, nil},
		{func() error { return s.Put("b", nil) }, 2, 3, nil},
		{func() error { return s.Put("a", []byte("1")) }, 2, 1, nil},
		{func() error { return s.Put("", []byte("1")) }, 2, 1, ErrInvalidKey},
		{func() error { return s.Delete("a") }, 1, 0, nil},
		{func() error { return s.Delete("a") }, 1, 0, ErrNotFound},
		{func() error { return s.Delete("\xff") }, 1, 0, ErrInvalidKey},
		{func() error { _, err := s.Get("a"); return err }, 1, 0, ErrNotFound},
	}
	for i, step := range steps {
		err := step.do()
		items, bytes := s.Totals()
		if !errors.Is(err, step.err) || items != step.items || bytes != step.bytes {
			t.Errorf("step %d: %v, %d items, %d bytes; expected %v, %d, %d", i, err, items, bytes, step.err, step.items, step.bytes)
		}
	}
}

func TestClockNeverStandsStill(t *testing.T) {
	s := New()
	readings := []int64{100, 100, 90, 300}
	s.now = func() int64 {
		reading := readings[0]
		readings = readings[1:]
		return reading
	}
	for _, expected := range []int64{100, 101, 102, 300} {
		if fill := s.Trade(Order{Kind: Query, Symbol: "x"}); fill.Timestamp != expected {
			t.Errorf("tick %d, expected %d", fill.Timestamp, expected)
		}
	}
}

func TestSubscriberSeesItsPrefixInOrder(t *testing.T) {
	s := New()
	mustPut(t, s, "a/0")
	sub, err := s.Subscribe("a/")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"a/1", "b/1", "a", "a/2", "a/2"} {
		mustPut(t, s, key)
	}
	if err := s.Delete("a/1"); err != nil {
		t.Fatal(err)
	}
	sub.Close()
	sub.Close()
	mustPut(t, s, "a/3")
	var seen []string
	last := int64(0)
	for range len(sub.Events()) {
		event := <-sub.Events()
		seen = append(seen, fmt.Sprint(event.Key, event.Deleted))
		if event.Timestamp <= last {
			t.Errorf("timestamp %d after %d", event.Timestamp, last)
		}
		last = event.Timestamp
	}
	if got, expected := strings.Join(seen, " "), "a/1false a/2false a/2false a/1true"; got != expected {
		t.Errorf("events %s, expected %s", got, expected)
	}
}

func TestSubscribePrefixObeysTheKeyRule(t *testing.T) {
	s := New()
	if _, err := s.Subscribe("\x00"); !errors.Is(err, ErrInvalidKey) {
		t.Errorf("error %v, expected %v", err, ErrInvalidKey)
	}
	if _, err := s.Subscribe(""); err != nil {
		t.Errorf("error %v of the empty prefix", err)
	}
}

func TestSlowSubscriberIsEndedAndNobodyElse(t *testing.T) {
	s := New()
	slow, _ := s.Subscribe("")
	quick, _ := s.Subscribe("")
	for i := range queueSize + 1 {
		mustPut(t, s, fmt.Sprint(i))
		<-quick.Events()
	}
	for i := range queueSize {
		event, ok := <-slow.Events()
		if !ok || event.Key != fmt.Sprint(i) {
			t.Fatalf("event %d: %v, %v: expected a prefix without a gap", i, event, ok)
		}
	}
	if event, ok := <-slow.Events(); ok {
		t.Errorf("event %v after the one that found the queue full", event)
	}
	slow.Close()
	mustPut(t, s, "k")
	if event := <-quick.Events(); event.Key != "k" {
		t.Errorf("event %v, expected k", event)
	}
}

func TestTrade(t *testing.T) {
	s := New()
	tests := []struct {
		order   Order
		done    bool
		filled  int32
		message string
	}{
		{Order{Query, "acme", 99}, true, 0, "position"},
		{Order{Buy, "acme", 5}, true, 5, "bought"},
		{Order{Sell, "acme", 6}, false, 0, "insufficient position: have 5, want 6"},
		{Order{Sell, "acme", 2}, true, 2, "sold"},
		{Order{Query, "acme", -1}, true, 3, "position"},
		{Order{Buy, "acme", 0}, false, 0, "quantity must be positive"},
		{Order{Sell, "acme", -1}, false, 0, "quantity must be positive"},
		{Order{Buy, "acme", math.MaxInt32}, false, 0, "position limit"},
		{Order{Buy, "acme", math.MaxInt32 - 3}, true, math.MaxInt32 - 3, "bought"},
		{Order{Buy, "acme", 1}, false, 0, "position limit"},
		{Order{Sell, "acme", math.MaxInt32}, true, math.MaxInt32, "sold"},
		{Order{7, "acme", 0}, false, 0, "unknown order type: 7"},
		{Order{-1, "acme", 1}, false, 0, "unknown order type: -1"},
		{Order{7, "", 1}, false, 0, "invalid symbol"},
		{Order{Query, "a\x00", 1}, false, 0, "invalid symbol"},
	}
	last := int64(0)
	for _, test := range tests {
		fill := s.Trade(test.order)
		if fill.Done != test.done || fill.Quantity != test.filled || fill.Message != test.message {
			t.Errorf("%v: %v, expected %v %d %q", test.order, fill, test.done, test.filled, test.message)
		}
		if fill.Timestamp <= last {
			t.Errorf("%v: timestamp %d after %d", test.order, fill.Timestamp, last)
		}
		last = fill.Timestamp
	}
}

func TestChangesFromManyGoroutinesAreOneSequence(t *testing.T) {
	s := New()
	sub, _ := s.Subscribe("")
	var writers sync.WaitGroup
	for w := range 8 {
		writers.Go(func() {
			for i := range queueSize / 8 {
				if err := s.Put(fmt.Sprint(w, i), []byte("v")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	last := int64(0)
	for range queueSize {
		event := <-sub.Events()
		if event.Timestamp <= last {
			t.Fatalf("timestamp %d after %d", event.Timestamp, last)
		}
		last = event.Timestamp
	}
	if items, bytes := s.Totals(); items != queueSize || bytes != queueSize {
		t.Errorf("%d items, %d bytes, expected %d of each", items, bytes, queueSize)
	}
}

func TestStoresAreSeparateAndForgettable(t *testing.T) {
	stores := NewStores()
	mustPut(t, stores.Named("one"), "k")
	if _, err := stores.Named("two").Get("k"); !errors.Is(err, ErrNotFound) {
		t.Errorf("error %v, expected another store's key not to be found", err)
	}
	ctx := NewContext(t.Context(), stores.Named("one"))
	if stores.FromContext(ctx) != stores.Named("one") || stores.FromContext(t.Context()) != stores.Named("") {
		t.Error("expected the store of the context, or else the default one")
	}
	mustPut(t, stores.Named(""), "k")
	stores.Forget("one", "none", "")
	if _, err := stores.Named("one").Get("k"); !errors.Is(err, ErrNotFound) {
		t.Errorf("error %v, expected a new store", err)
	}
	if _, err := stores.Named("").Get("k"); err != nil {
		t.Errorf("error %v, expected the default store to stay", err)
	}
}

func mustPut(t *testing.T, s *Store, key string) {
	t.Helper()
	if err := s.Put(key, []byte("v")); err != nil {
		t.Fatal(err)
	}
}
