using Google.Protobuf;
using Grpc.Core;

namespace Tofusoup.Stock.Implementation;

/// <summary>What Inventory says of the server beside the totals.</summary>
/// <param name="Version">The project's version.</param>
/// <param name="Started">When the server started.</param>
/// <param name="Metadata">Names and versions.</param>
public sealed record Description(string Version, DateTimeOffset Started, IReadOnlyDictionary<string, string> Metadata);

/// <summary>The handlers of tofusoup.stock.Stock.</summary>
/// <param name="stores">The stores; a call works on the one it carries, else on the default one.</param>
/// <param name="description">What Inventory says.</param>
/// <param name="draining">Ends the streams that have no end of their own.</param>
public sealed class StockService(Stores stores, Description description, CancellationToken draining) : Stock.StockBase
{
    /// <inheritdoc/>
    public override Task<GetResponse> Get(GetRequest request, ServerCallContext context) =>
        stores.Answer(context, store => new GetResponse
        {
            Value = UnsafeByteOperations.UnsafeWrap(store.Get(request.Key)),
        });

    /// <inheritdoc/>
    public override Task<Empty> Put(PutRequest request, ServerCallContext context) => stores.Answer(context, store =>
        {
            store.Put(request.Key, request.Value.Memory);
            return new Empty();
        });

    /// <inheritdoc/>
    public override Task<Empty> Delete(DeleteRequest request, ServerCallContext context) =>
        stores.Answer(context, store =>
        {
            store.Delete(request.Key);
            return new Empty();
        });

    /// <inheritdoc/>
    public override Task<InventoryStatus> Inventory(InventoryRequest request, ServerCallContext context)
    {
        var (items, bytes) = stores.Of(context).Totals();
        var status = new InventoryStatus
        {
            TotalItems = items,
            TotalBytes = bytes,
            UptimeSeconds = (long)(DateTimeOffset.UtcNow - description.Started).TotalSeconds,
            ServerVersion = description.Version,
        };
        status.Metadata.Add(description.Metadata.ToDictionary());
        return Task.FromResult(status);
    }

    /// <inheritdoc/>
    public override async Task Monitor(
        WatchRequest request,
        IServerStreamWriter<WatchEvent> responseStream,
        ServerCallContext context
    )
    {
        using var subscription = await stores.Answer(context, store => store.Subscribe(request.KeyPrefix));

        // Only now: whoever has seen the initial metadata misses nothing.
        await context.SendHeadersOnce();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, draining);
        try
        {
            await foreach (var change in subscription.Changes.ReadAllAsync(ending.Token))
            {
                await responseStream.WriteAsync(Event(change), ending.Token);
            }
        }
        catch (SlowSubscriberException slow)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, slow.Message));
        }
        catch (OperationCanceledException) when (draining.IsCancellationRequested)
        {
            throw Statuses.Draining();
        }
    }

    /// <inheritdoc/>
    public override async Task<BatchSummary> Batch(
        IAsyncStreamReader<BatchItem> requestStream,
        ServerCallContext context
    )
    {
        var store = stores.Of(context);
        var summary = new BatchSummary();
        await foreach (var item in requestStream.ReadAllAsync(context.CancellationToken))
        {
            summary.TotalItems++;
            if (!Store.IsKey(item.Key))
            {
                summary.Failed++;
                continue;
            }
            store.Put(item.Key, item.Value.Memory);
            summary.Successful++;
            summary.BytesWritten += item.Value.Length;
        }
        return summary;
    }

    /// <inheritdoc/>
    public override async Task Trade(
        IAsyncStreamReader<TradeOrder> requestStream,
        IServerStreamWriter<TradeFill> responseStream,
        ServerCallContext context
    )
    {
        var store = stores.Of(context);
        await foreach (var order in requestStream.ReadAllAsync(context.CancellationToken))
        {
            var fill = store.Trade(new Order((OrderKind)order.Type, order.Symbol, order.Quantity));
            await responseStream.WriteAsync(
                new TradeFill
                {
                    Success = fill.Done,
                    Symbol = order.Symbol,
                    QuantityFilled = fill.Quantity,
                    Message = fill.Message,
                    Timestamp = fill.Timestamp,
                },
                context.CancellationToken
            );
        }
    }

    private static WatchEvent Event(Change change) =>
        new()
        {
            Type = change.Deleted ? WatchEvent.Types.EventType.Delete : WatchEvent.Types.EventType.Put,
            Key = change.Key,
            Value = UnsafeByteOperations.UnsafeWrap(change.Value),
            Timestamp = change.Timestamp,
        };
}
