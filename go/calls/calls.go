// Package calls is the client side of the RPCs: a channel and what it takes to use it.
package calls

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	_ "google.golang.org/grpc/encoding/gzip" // calls may be compressed with it
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"tofusoup.dev/stock/go/kvpb"
	"tofusoup.dev/stock/go/sessionpb"
	"tofusoup.dev/stock/go/stockpb"
)

// An Endpoint says where a server is and how to reach it.
type Endpoint struct {
	Address         string                           // host:port
	Credentials     credentials.TransportCredentials // nil: plaintext
	Authority       string                           // empty: the host, or the name the credentials verify
	MaxReceiveBytes int                              // 0: 4 MiB, which is also grpc-go's own
}

// A Channel is the stubs over connections of its own.
type Channel struct {
	Stock  stockpb.StockClient
	KV     kvpb.KVClient
	Absent sessionpb.AbsentClient
	Health healthpb.HealthClient

	conn *grpc.ClientConn
}

// Open makes a channel. It dials nothing before the first call. The caller closes it.
func Open(endpoint Endpoint) (*Channel, error) {
	if endpoint.Credentials == nil {
		endpoint.Credentials = insecure.NewCredentials()
	}
	options := []grpc.DialOption{
		grpc.WithTransportCredentials(endpoint.Credentials),
		grpc.WithAuthority(endpoint.Authority),
		grpc.WithConnectParams(connectParams()),
		grpc.WithNoProxy(),
	}
	if endpoint.MaxReceiveBytes != 0 {
		maxReceive := grpc.MaxCallRecvMsgSize(endpoint.MaxReceiveBytes)
		options = append(options, grpc.WithDefaultCallOptions(maxReceive))
	}
	// The address is dialled as it stands, without a resolver.
	conn, err := grpc.NewClient("passthrough:///"+endpoint.Address, options...)
	if err != nil {
		return nil, fmt.Errorf("opening a channel to %s: %w", endpoint.Address, err)
	}
	return &Channel{
		Stock:  stockpb.NewStockClient(conn),
		KV:     kvpb.NewKVClient(conn),
		Absent: sessionpb.NewAbsentClient(conn),
		Health: healthpb.NewHealthClient(conn),
		conn:   conn,
	}, nil
}

// connectParams are gRPC's own but for the first wait of 1 s: a server of a test comes up sooner.
func connectParams() grpc.ConnectParams {
	params := grpc.ConnectParams{Backoff: backoff.DefaultConfig, MinConnectTimeout: 20 * time.Second}
	params.Backoff.BaseDelay = 50 * time.Millisecond
	return params
}

// Close closes the connections.
func (c *Channel) Close() error { return c.conn.Close() }

// Monitor yields the changes to the keys with a prefix until the call ends, with its error as the last
// element. It is over when the caller stops.
func (c *Channel) Monitor(ctx context.Context, prefix string) iter.Seq2[*stockpb.WatchEvent, error] {
	return func(yield func(*stockpb.WatchEvent, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		stream, err := c.Stock.Monitor(ctx, &stockpb.WatchRequest{KeyPrefix: prefix})
		if err != nil {
			yield(nil, err)
			return
		}
		receive(stream.Recv, yield)
	}
}

// Batch stores items and returns what became of them.
func (c *Channel) Batch(ctx context.Context, items []*stockpb.BatchItem) (*stockpb.BatchSummary, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.Stock.Batch(ctx)
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		if err := stream.Send(item); errors.Is(err, io.EOF) {
			break // the call is over: CloseAndRecv tells why
		} else if err != nil {
			return nil, err
		}
	}
	return stream.CloseAndRecv()
}

// Trade sends orders and yields their fills until the call ends, with its error as the last element. It is
// over when the caller stops.
func (c *Channel) Trade(ctx context.Context, orders []*stockpb.TradeOrder) iter.Seq2[*stockpb.TradeFill, error] {
	return func(yield func(*stockpb.TradeFill, error) bool) {
		var sender sync.WaitGroup
		defer sender.Wait()
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		stream, err := c.Stock.Trade(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		sender.Go(func() {
			for _, order := range orders {
				if err := stream.Send(order); err != nil {
					return // the call is over: Recv tells why
				}
			}
			// It always returns nil: an error of the call is Recv's to tell.
			_ = stream.CloseSend()
		})
		receive(stream.Recv, yield)
	}
}

func receive[M any](recv func() (*M, error), yield func(*M, error) bool) {
	for {
		message, err := recv()
		if errors.Is(err, io.EOF) {
			return
		}
		if !yield(message, err) || err != nil {
			return
		}
	}
}
