package store

import "strings"

// queueSize is the number of events that wait for a subscriber before it counts as too slow.
const queueSize = 1024

// An Event is one committed change.
type Event struct {
	Deleted   bool // the key was removed, not given a value
	Key       string
	Value     []byte
	Timestamp int64 // Unix nanoseconds, strictly increasing within a store
}

// A Subscription receives the changes of a store to the keys with its prefix.
type Subscription struct {
	store  *Store
	prefix string
	events chan *Event
}

// Subscribe delivers every change committed from now on whose key starts with prefix, in order; the empty
// prefix stands for all keys. It fails with ErrInvalidKey. The caller closes the subscription.
func (s *Store) Subscribe(prefix string) (*Subscription, error) {
	if prefix != "" {
		if err := CheckKey(prefix); err != nil {
			return nil, err
		}
	}
	sub := &Subscription{store: s, prefix: prefix, events: make(chan *Event, queueSize)}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.subscribers[sub] = struct{}{}
	return sub, nil
}

// Events returns the queue of changes. It is closed, after the events it still holds, by the change that
// found it full: the subscriber was too slow.
func (sub *Subscription) Events() <-chan *Event { return sub.events }

// Close ends the delivery. It may be called more than once.
func (sub *Subscription) Close() {
	sub.store.mu.Lock()
	defer sub.store.mu.Unlock()
	delete(sub.store.subscribers, sub)
}

// publish hands an event to whom it concerns and drops those whose queue is full. s.mu is held.
func (s *Store) publish(event *Event) {
	for sub := range s.subscribers {
		if !strings.HasPrefix(event.Key, sub.prefix) {
			continue
		}
		select {
		case sub.events <- event:
		default:
			delete(s.subscribers, sub)
			close(sub.events)
		}
	}
}
