package store

import (
	"context"
	"sync"
)

// Stores are the stores of a process by their names; the default one has the empty name.
type Stores struct {
	mu    sync.Mutex
	named map[string]*Store
}

// NewStores returns a registry that makes a store when it is first named.
func NewStores() *Stores {
	return &Stores{named: make(map[string]*Store)}
}

// Named returns the store of a name.
func (s *Stores) Named(name string) *Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	store, ok := s.named[name]
	if !ok {
		store = New()
		s.named[name] = store
	}
	return store
}

// Forget drops named stores, never the default one. What still uses a store keeps it; a name without a
// store is ignored.
func (s *Stores) Forget(names ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range names {
		if name != "" {
			delete(s.named, name)
		}
	}
}

type contextKey struct{}

// NewContext returns a context that carries the store a call works on.
func NewContext(ctx context.Context, store *Store) context.Context {
	return context.WithValue(ctx, contextKey{}, store)
}

// FromContext returns the store that ctx carries, else the default one.
func (s *Stores) FromContext(ctx context.Context) *Store {
	if store, ok := ctx.Value(contextKey{}).(*Store); ok {
		return store
	}
	return s.Named("")
}
