package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"tofusoup.dev/stock/go/calls"
	"tofusoup.dev/stock/go/kvpb"
	"tofusoup.dev/stock/go/options"
	"tofusoup.dev/stock/go/stockpb"
)

// A run is an operation with its arguments understood: all that is left is to call and to print.
type run func(ctx context.Context, channel *calls.Channel, stdout io.Writer) error

// prepare understands the arguments of an operation, reading those that standard input holds.
func prepare(opts options.Client, stdin io.Reader) (run, error) {
	arguments := opts.Arguments
	switch opts.Operation {
	case "get":
		return get(arguments[0]), nil
	case "put", "kv-put":
		return preparePut(opts, stdin)
	case "delete":
		return remove(arguments[0]), nil
	case "monitor":
		return monitor(first(arguments), opts.Count), nil
	case "batch":
		return prepareBatch(arguments, stdin)
	case "trade":
		return prepareTrade(arguments)
	case "inventory":
		return inventory, nil
	case "kv-get":
		return kvGet(arguments[0]), nil
	default:
		return health(first(arguments)), nil
	}
}

func first(arguments []string) string {
	if len(arguments) == 0 {
		return ""
	}
	return arguments[0]
}

func get(key string) run {
	return func(ctx context.Context, channel *calls.Channel, stdout io.Writer) error {
		response, err := channel.Stock.Get(ctx, &stockpb.GetRequest{Key: key})
		if err != nil {
			return err
		}
		return writeValue(stdout, response.GetValue())
	}
}

func kvGet(key string) run {
	return func(ctx context.Context, channel *calls.Channel, stdout io.Writer) error {
		response, err := channel.KV.Get(ctx, &kvpb.GetRequest{Key: key})
		if err != nil {
			return err
		}
		return writeValue(stdout, response.GetValue())
	}
}

func writeValue(stdout io.Writer, value []byte) error {
	_, err := stdout.Write(append(slices.Clip(value), '\n'))
	return err
}

func preparePut(opts options.Client, stdin io.Reader) (run, error) {
	key, value := opts.Arguments[0], []byte(opts.Arguments[1])
	if opts.Arguments[1] == "-" {
		content, err := io.ReadAll(stdin)
		if err != nil {
			return nil, fmt.Errorf("reading standard input: %w", err)
		}
		value = content
	}
	return func(ctx context.Context, channel *calls.Channel, stdout io.Writer) error {
		var err error
		if opts.Operation == "kv-put" {
			_, err = channel.KV.Put(ctx, &kvpb.PutRequest{Key: key, Value: value})
		} else {
			_, err = channel.Stock.Put(ctx, &stockpb.PutRequest{Key: key, Value: value})
		}
		return printOK(stdout, err)
	}, nil
}

func remove(key string) run {
	return func(ctx context.Context, channel *calls.Channel, stdout io.Writer) error {
		_, err := channel.Stock.Delete(ctx, &stockpb.DeleteRequest{Key: key})
		return printOK(stdout, err)
	}
}

func printOK(stdout io.Writer, err error) error {
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(stdout, "OK")
	return err
}

func monitor(prefix string, count int64) run {
	prefix = strings.TrimSuffix(prefix, "*")
	return func(ctx context.Context, channel *calls.Channel, stdout io.Writer) error {
		printed := int64(0)
		for event, err := range channel.Monitor(ctx, prefix) {
			if err != nil {
				return err
			}
			if _, err := io.WriteString(stdout, eventLine(event)); err != nil {
				return err
			}
			if printed++; printed == count {
				break
			}
		}
		return nil
	}
}

func prepareBatch(arguments []string, stdin io.Reader) (run, error) {
	if len(arguments) == 0 {
		content, err := io.ReadAll(stdin)
		if err != nil {
			return nil, fmt.Errorf("reading standard input: %w", err)
		}
		for line := range bytes.Lines(content) {
			if len(bytes.TrimSpace(line)) > 0 {
				arguments = append(arguments, string(bytes.TrimSuffix(line, []byte("\n"))))
			}
		}
	}
	items := make([]*stockpb.BatchItem, 0, len(arguments))
	for _, argument := range arguments {
		key, value, err := options.ParseItem(argument)
		if err != nil {
			return nil, err
		}
		items = append(items, &stockpb.BatchItem{Key: key, Value: []byte(value)})
	}
	return func(ctx context.Context, channel *calls.Channel, stdout io.Writer) error {
		summary, err := channel.Batch(ctx, items)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(stdout, "total=%d successful=%d failed=%d bytes=%d\n",
			summary.GetTotalItems(), summary.GetSuccessful(), summary.GetFailed(), summary.GetBytesWritten())
		return err
	}, nil
}

func prepareTrade(arguments []string) (run, error) {
	orders := make([]*stockpb.TradeOrder, 0, len(arguments))
	for _, argument := range arguments {
		order, err := options.ParseOrder(argument)
		if err != nil {
			return nil, err
		}
		kind := stockpb.TradeOrder_OrderType_value[strings.ToUpper(order.Kind)]
		orders = append(orders, &stockpb.TradeOrder{
			Type: stockpb.TradeOrder_OrderType(kind), Symbol: order.Symbol, Quantity: order.Quantity,
		})
	}
	return func(ctx context.Context, channel *calls.Channel, stdout io.Writer) error {
		for fill, err := range channel.Trade(ctx, orders) {
			if err != nil {
				return err
			}
			if _, err := io.WriteString(stdout, fillLine(fill)); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

func inventory(ctx context.Context, channel *calls.Channel, stdout io.Writer) error {
	status, err := channel.Stock.Inventory(ctx, &stockpb.InventoryRequest{})
	if err != nil {
		return err
	}
	var out strings.Builder
	fmt.Fprintf(&out, "items=%d\nbytes=%d\nuptime_seconds=%d\nserver_version=%s\n", status.GetTotalItems(),
		status.GetTotalBytes(), status.GetUptimeSeconds(), oneLine(status.GetServerVersion()))
	for _, key := range slices.Sorted(maps.Keys(status.GetMetadata())) {
		fmt.Fprintf(&out, "metadata.%s=%s\n", oneLine(key), oneLine(status.GetMetadata()[key]))
	}
	_, err = io.WriteString(stdout, out.String())
	return err
}

func health(service string) run {
	return func(ctx context.Context, channel *calls.Channel, stdout io.Writer) error {
		response, err := channel.Health.Check(ctx, &healthpb.HealthCheckRequest{Service: service})
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(stdout, response.GetStatus()); err != nil {
			return err
		}
		if response.GetStatus() != healthpb.HealthCheckResponse_SERVING {
			return errNotServing
		}
		return nil
	}
}
