package session

import (
	"context"

	"google.golang.org/grpc"

	"tofusoup.dev/stock/go/calls"
	"tofusoup.dev/stock/go/kvpb"
	"tofusoup.dev/stock/go/sessionpb"
	"tofusoup.dev/stock/go/stockpb"
)

// A method is one RPC on one channel, by its generated stub: unary, or else a stream.
type method struct {
	accepts func(*sessionpb.Request) bool // whether a request is of the method's type
	unary   func(context.Context, *sessionpb.Request, ...grpc.CallOption) (*sessionpb.Response, error)
	open    func(context.Context, *sessionpb.Request, ...grpc.CallOption) (*stream, error)
	sends   bool // a stream of requests
	single  bool // a stream of requests with one response
}

// A stream is an open call with typed messages. Without send its one request has been sent.
type stream struct {
	grpc.ClientStream

	send func(*sessionpb.Request) error
	recv func() (*sessionpb.Response, error)
}

func methodsOf(c *calls.Channel) map[sessionpb.Rpc]method {
	return map[sessionpb.Rpc]method{
		sessionpb.Rpc_RPC_GET:        unary(c.Stock.Get, (*sessionpb.Request).GetGet, wrapGet),
		sessionpb.Rpc_RPC_PUT:        unary(c.Stock.Put, (*sessionpb.Request).GetPut, wrapPut),
		sessionpb.Rpc_RPC_DELETE:     unary(c.Stock.Delete, (*sessionpb.Request).GetDelete, wrapDelete),
		sessionpb.Rpc_RPC_INVENTORY:  unary(c.Stock.Inventory, (*sessionpb.Request).GetInventory, wrapInventory),
		sessionpb.Rpc_RPC_MONITOR:    serverStream(c.Stock.Monitor, (*sessionpb.Request).GetMonitor, wrapMonitor),
		sessionpb.Rpc_RPC_BATCH:      batch(c),
		sessionpb.Rpc_RPC_TRADE:      trade(c),
		sessionpb.Rpc_RPC_KV_GET:     unary(c.KV.Get, (*sessionpb.Request).GetKvGet, wrapKVGet),
		sessionpb.Rpc_RPC_KV_PUT:     unary(c.KV.Put, (*sessionpb.Request).GetKvPut, wrapKVPut),
		sessionpb.Rpc_RPC_ABSENT_GET: unary(c.Absent.Get, (*sessionpb.Request).GetGet, wrapGet),
	}
}

func unary[Req, Resp any](
	stub func(context.Context, *Req, ...grpc.CallOption) (*Resp, error),
	request func(*sessionpb.Request) *Req,
	wrap func(*Resp) *sessionpb.Response,
) method {
	return method{
		accepts: func(r *sessionpb.Request) bool { return request(r) != nil },
		unary: func(ctx context.Context, r *sessionpb.Request, options ...grpc.CallOption) (*sessionpb.Response, error) {
			response, err := stub(ctx, request(r), options...)
			if err != nil {
				return nil, err
			}
			return wrap(response), nil
		},
	}
}

func serverStream[Req, Resp any](
	stub func(context.Context, *Req, ...grpc.CallOption) (grpc.ServerStreamingClient[Resp], error),
	request func(*sessionpb.Request) *Req,
	wrap func(*Resp) *sessionpb.Response,
) method {
	return method{
		accepts: func(r *sessionpb.Request) bool { return request(r) != nil },
		open: func(ctx context.Context, r *sessionpb.Request, options ...grpc.CallOption) (*stream, error) {
			s, err := stub(ctx, request(r), options...)
			if err != nil {
				return nil, err
			}
			return &stream{ClientStream: s, recv: wrapped(s.Recv, wrap)}, nil
		},
	}
}

func batch(c *calls.Channel) method {
	return method{
		sends:   true,
		single:  true,
		accepts: func(r *sessionpb.Request) bool { return r.GetBatch() != nil },
		open: func(ctx context.Context, _ *sessionpb.Request, options ...grpc.CallOption) (*stream, error) {
			s, err := c.Stock.Batch(ctx, options...)
			if err != nil {
				return nil, err
			}
			// Not CloseAndRecv: the server may answer before the requests end.
			recv := func() (*stockpb.BatchSummary, error) {
				summary := &stockpb.BatchSummary{}
				return summary, s.RecvMsg(summary)
			}
			return &stream{
				ClientStream: s,
				send:         func(r *sessionpb.Request) error { return s.Send(r.GetBatch()) },
				recv:         wrapped(recv, wrapBatch),
			}, nil
		},
	}
}

func trade(c *calls.Channel) method {
	return method{
		sends:   true,
		accepts: func(r *sessionpb.Request) bool { return r.GetTrade() != nil },
		open: func(ctx context.Context, _ *sessionpb.Request, options ...grpc.CallOption) (*stream, error) {
			s, err := c.Stock.Trade(ctx, options...)
			if err != nil {
				return nil, err
			}
			return &stream{
				ClientStream: s,
				send:         func(r *sessionpb.Request) error { return s.Send(r.GetTrade()) },
				recv:         wrapped(s.Recv, wrapTrade),
			}, nil
		},
	}
}

func wrapped[Resp any](
	recv func() (*Resp, error), wrap func(*Resp) *sessionpb.Response,
) func() (*sessionpb.Response, error) {
	return func() (*sessionpb.Response, error) {
		response, err := recv()
		if err != nil {
			return nil, err
		}
		return wrap(response), nil
	}
}

func wrapGet(m *stockpb.GetResponse) *sessionpb.Response {
	return &sessionpb.Response{Response: &sessionpb.Response_Get{Get: m}}
}

func wrapPut(m *stockpb.Empty) *sessionpb.Response {
	return &sessionpb.Response{Response: &sessionpb.Response_Put{Put: m}}
}

func wrapDelete(m *stockpb.Empty) *sessionpb.Response {
	return &sessionpb.Response{Response: &sessionpb.Response_Delete{Delete: m}}
}

func wrapInventory(m *stockpb.InventoryStatus) *sessionpb.Response {
	return &sessionpb.Response{Response: &sessionpb.Response_Inventory{Inventory: m}}
}

func wrapMonitor(m *stockpb.WatchEvent) *sessionpb.Response {
	return &sessionpb.Response{Response: &sessionpb.Response_Monitor{Monitor: m}}
}

func wrapBatch(m *stockpb.BatchSummary) *sessionpb.Response {
	return &sessionpb.Response{Response: &sessionpb.Response_Batch{Batch: m}}
}

func wrapTrade(m *stockpb.TradeFill) *sessionpb.Response {
	return &sessionpb.Response{Response: &sessionpb.Response_Trade{Trade: m}}
}

func wrapKVGet(m *kvpb.GetResponse) *sessionpb.Response {
	return &sessionpb.Response{Response: &sessionpb.Response_KvGet{KvGet: m}}
}

func wrapKVPut(m *kvpb.Empty) *sessionpb.Response {
	return &sessionpb.Response{Response: &sessionpb.Response_KvPut{KvPut: m}}
}
