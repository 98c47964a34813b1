// Package service implements the handlers of Stock and KV over the stores.
package service

import (
	"context"
	"errors"
	"io"
	"maps"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"tofusoup.dev/stock/go/stockpb"
	"tofusoup.dev/stock/go/store"
)

// Description is what Inventory says of the server beside the totals.
type Description struct {
	Version  string
	Started  time.Time
	Metadata map[string]string
}

// Stock serves tofusoup.stock.Stock. A call works on the store its context carries, else on the default one.
type Stock struct {
	stockpb.UnimplementedStockServer

	stores      *store.Stores
	description Description
}

// NewStock returns the handlers of Stock over stores.
func NewStock(stores *store.Stores, description Description) *Stock {
	return &Stock{stores: stores, description: description}
}

// Get returns the value of a key.
func (s *Stock) Get(ctx context.Context, req *stockpb.GetRequest) (*stockpb.GetResponse, error) {
	value, err := s.stores.FromContext(ctx).Get(req.GetKey())
	if err != nil {
		return nil, statusError(err, req.GetKey())
	}
	return &stockpb.GetResponse{Value: value}, nil
}

// Put stores a value and publishes it.
func (s *Stock) Put(ctx context.Context, req *stockpb.PutRequest) (*stockpb.Empty, error) {
	if err := s.stores.FromContext(ctx).Put(req.GetKey(), req.GetValue()); err != nil {
		return nil, statusError(err, req.GetKey())
	}
	return &stockpb.Empty{}, nil
}

// Delete removes a key and publishes that.
func (s *Stock) Delete(ctx context.Context, req *stockpb.DeleteRequest) (*stockpb.Empty, error) {
	if err := s.stores.FromContext(ctx).Delete(req.GetKey()); err != nil {
		return nil, statusError(err, req.GetKey())
	}
	return &stockpb.Empty{}, nil
}

// Inventory returns the totals and the description of the server.
func (s *Stock) Inventory(ctx context.Context, _ *stockpb.InventoryRequest) (*stockpb.InventoryStatus, error) {
	items, bytes := s.stores.FromContext(ctx).Totals()
	return &stockpb.InventoryStatus{
		TotalItems:    items,
		TotalBytes:    bytes,
		UptimeSeconds: int64(time.Since(s.description.Started).Seconds()),
		ServerVersion: s.description.Version,
		Metadata:      maps.Clone(s.description.Metadata),
	}, nil
}

// Monitor sends every change from now on until the subscriber goes, is too slow, or the context ends; then
// the call ends with the context's cause.
func (s *Stock) Monitor(req *stockpb.WatchRequest, stream grpc.ServerStreamingServer[stockpb.WatchEvent]) error {
	ctx := stream.Context()
	sub, err := s.stores.FromContext(ctx).Subscribe(req.GetKeyPrefix())
	if err != nil {
		return statusError(err, req.GetKeyPrefix())
	}
	defer sub.Close()
	// Only now: whoever has seen the initial metadata misses nothing.
	if err := stream.SendHeader(metadata.MD{}); err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case event, ok := <-sub.Events():
			if !ok {
				return status.Error(codes.ResourceExhausted, "subscriber too slow")
			}
			if err := stream.Send(watchEvent(event)); err != nil {
				return err
			}
		}
	}
}

// Batch stores the items as they arrive; an invalid key does not stop the rest.
func (s *Stock) Batch(stream grpc.ClientStreamingServer[stockpb.BatchItem, stockpb.BatchSummary]) error {
	target := s.stores.FromContext(stream.Context())
	summary := &stockpb.BatchSummary{}
	for {
		item, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return stream.SendAndClose(summary)
		}
		if err != nil {
			return err
		}
		summary.TotalItems++
		if err := target.Put(item.GetKey(), item.GetValue()); err != nil {
			summary.Failed++
			continue // the summary tells
		}
		summary.Successful++
		summary.BytesWritten += int64(len(item.GetValue()))
	}
}

// Trade answers each order with a fill as soon as it is read.
func (s *Stock) Trade(stream grpc.BidiStreamingServer[stockpb.TradeOrder, stockpb.TradeFill]) error {
	target := s.stores.FromContext(stream.Context())
	for {
		order, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		fill := target.Trade(store.Order{
			Kind:     int32(order.GetType()),
			Symbol:   order.GetSymbol(),
			Quantity: order.GetQuantity(),
		})
		if err := stream.Send(tradeFill(order.GetSymbol(), fill)); err != nil {
			return err
		}
	}
}

func watchEvent(event *store.Event) *stockpb.WatchEvent {
	kind := stockpb.WatchEvent_PUT
	if event.Deleted {
		kind = stockpb.WatchEvent_DELETE
	}
	return &stockpb.WatchEvent{Type: kind, Key: event.Key, Value: event.Value, Timestamp: event.Timestamp}
}

func tradeFill(symbol string, fill store.Fill) *stockpb.TradeFill {
	return &stockpb.TradeFill{
		Success:        fill.Done,
		Symbol:         symbol,
		QuantityFilled: fill.Quantity,
		Message:        fill.Message,
		Timestamp:      fill.Timestamp,
	}
}

// statusError is the status of a store's error about a key.
func statusError(err error, key string) error {
	switch {
	case errors.Is(err, store.ErrInvalidKey):
		return status.Error(codes.InvalidArgument, err.Error())
	case errors.Is(err, store.ErrNotFound):
		return status.Error(codes.NotFound, err.Error()+": "+key)
	default:
		return err
	}
}
