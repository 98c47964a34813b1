package service

import (
	"context"

	"tofusoup.dev/stock/go/kvpb"
	"tofusoup.dev/stock/go/store"
)

// KV serves proto.KV, the older service, over the same stores as Stock.
type KV struct {
	kvpb.UnimplementedKVServer

	stores *store.Stores
}

// NewKV returns the handlers of KV over stores.
func NewKV(stores *store.Stores) *KV {
	return &KV{stores: stores}
}

// Get returns the value of a key.
func (s *KV) Get(ctx context.Context, req *kvpb.GetRequest) (*kvpb.GetResponse, error) {
	value, err := s.stores.FromContext(ctx).Get(req.GetKey())
	if err != nil {
		return nil, statusError(err, req.GetKey())
	}
	return &kvpb.GetResponse{Value: value}, nil
}

// Put stores a value and publishes it to the subscribers of Stock's Monitor.
func (s *KV) Put(ctx context.Context, req *kvpb.PutRequest) (*kvpb.Empty, error) {
	if err := s.stores.FromContext(ctx).Put(req.GetKey(), req.GetValue()); err != nil {
		return nil, statusError(err, req.GetKey())
	}
	return &kvpb.Empty{}, nil
}
