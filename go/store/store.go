// Package store keeps what a Stock server knows: values under keys, positions of symbols, the
// subscribers to changes, and the clock that orders them. It knows nothing of gRPC.
package store

import (
	"errors"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// MaxKeyBytes is the size of the longest key.
const MaxKeyBytes = 1024

var (
	// ErrInvalidKey reports a key, prefix or symbol that breaks the key rule.
	ErrInvalidKey = errors.New("invalid key: 1 to 1024 bytes of UTF-8 without NUL")
	// ErrNotFound reports a key without a value.
	ErrNotFound = errors.New("key not found")
)

// CheckKey returns ErrInvalidKey unless key is 1 to MaxKeyBytes bytes of UTF-8 without U+0000.
func CheckKey(key string) error {
	if key == "" || len(key) > MaxKeyBytes || !utf8.ValidString(key) || strings.IndexByte(key, 0) >= 0 {
		return ErrInvalidKey
	}
	return nil
}

// A Store is one world of keys, positions and subscribers. It applies one change at a time. Its methods
// may be called from any goroutine and never block on a subscriber.
//
// Values are kept and handed out without a copy: nobody may change their bytes afterwards.
type Store struct {
	now func() int64 // the clock, in Unix nanoseconds

	mu          sync.Mutex
	last        int64 // the tick given out last
	values      map[string][]byte
	bytes       int64 // sum of the sizes of values
	positions   map[string]int32
	subscribers map[*Subscription]struct{}
}

// New returns an empty store.
func New() *Store {
	return &Store{
		now:         func() int64 { return time.Now().UnixNano() },
		values:      make(map[string][]byte),
		positions:   make(map[string]int32),
		subscribers: make(map[*Subscription]struct{}),
	}
}

// Get returns the value of a key. It fails with ErrInvalidKey or ErrNotFound.
func (s *Store) Get(key string) ([]byte, error) {
	if err := CheckKey(key); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.values[key]
	if !ok {
		return nil, ErrNotFound
	}
	return value, nil
}

// Put stores a value and publishes the change. It fails with ErrInvalidKey.
func (s *Store) Put(key string, value []byte) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bytes += int64(len(value) - len(s.values[key]))
	s.values[key] = value
	s.publish(&Event{Key: key, Value: value, Timestamp: s.tick()})
	return nil
}

// Delete removes a key and publishes the change. It fails with ErrInvalidKey or ErrNotFound.
func (s *Store) Delete(key string) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.values[key]
	if !ok {
		return ErrNotFound
	}
	s.bytes -= int64(len(value))
	delete(s.values, key)
	s.publish(&Event{Deleted: true, Key: key, Timestamp: s.tick()})
	return nil
}

// Totals returns the number of keys and the bytes of their values, at one instant.
func (s *Store) Totals() (items, bytes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int64(len(s.values)), s.bytes
}

// tick returns the next reading of the clock, later than every one before it. s.mu is held.
func (s *Store) tick() int64 {
	s.last = max(s.now(), s.last+1)
	return s.last
}
