using Google.Protobuf;
using Grpc.Core;
using Stock.Testing;

namespace Tofusoup.Stock.Implementation.Tests;

/// <summary>The handlers of Stock and KV, called over a connection.</summary>
public sealed class ServiceTest
{
    private const string Invalid = "invalid key: 1 to 1024 bytes of UTF-8 without NUL";

    [Test]
    public async Task KvSharesTheStore()
    {
        await using var peers = await Peers.Start();
        var (stock, kv) = (peers.Channel.Stock, peers.Channel.Kv);
        await stock.PutAsync(new PutRequest { Key = "k", Value = ByteString.CopyFromUtf8("v") }, Peers.Options);
        Check.Equal("v", (await kv.GetAsync(new Proto.GetRequest { Key = "k" }, Peers.Options)).Value.ToStringUtf8());
        await kv.PutAsync(new Proto.PutRequest { Key = "k", Value = ByteString.CopyFromUtf8("w") }, Peers.Options);
        Check.Equal("w", (await stock.GetAsync(new GetRequest { Key = "k" }, Peers.Options)).Value.ToStringUtf8());
        await stock.DeleteAsync(new DeleteRequest { Key = "k" }, Peers.Options);
        await Peers.Fails(StatusCode.NotFound, "key not found: k", () =>
            kv.GetAsync(new Proto.GetRequest { Key = "k" }, Peers.Options).ResponseAsync
        );
    }

    [Test]
    public async Task ErrorsOfKeys()
    {
        await using var peers = await Peers.Start();
        var (stock, kv) = (peers.Channel.Stock, peers.Channel.Kv);
        await Peers.Fails(StatusCode.InvalidArgument, Invalid, () =>
            stock.PutAsync(new PutRequest(), Peers.Options).ResponseAsync
        );
        await Peers.Fails(StatusCode.InvalidArgument, Invalid, () =>
            stock.GetAsync(new GetRequest { Key = "\0" }, Peers.Options).ResponseAsync
        );
        await Peers.Fails(StatusCode.InvalidArgument, Invalid, () =>
            kv.PutAsync(new Proto.PutRequest(), Peers.Options).ResponseAsync
        );
        await Peers.Fails(StatusCode.NotFound, "key not found: é", () =>
            stock.DeleteAsync(new DeleteRequest { Key = "é" }, Peers.Options).ResponseAsync
        );
        using var monitor = stock.Monitor(new WatchRequest { KeyPrefix = "\0" }, Peers.Options);
        await Peers.Fails(StatusCode.InvalidArgument, Invalid, () => monitor.ResponseStream.MoveNext());
    }

    [Test]
    public async Task InventoryCountsAndDescribes()
    {
        await using var peers = await Peers.Start();
        await peers.Channel.Stock.PutAsync(
            new PutRequest { Key = "k", Value = ByteString.CopyFromUtf8("abc") },
            Peers.Options
        );
        var status = await peers.Channel.Stock.InventoryAsync(new InventoryRequest(), Peers.Options);
        Check.Equal((1L, 3L, About.Version), (status.TotalItems, status.TotalBytes, status.ServerVersion));
        Check.Equal(("csharp", "plaintext"), (status.Metadata["language"], status.Metadata["security"]));
    }

    [Test]
    public async Task MonitorTellsWhatComesAfterItsHeaders()
    {
        await using var peers = await Peers.Start();
        var stock = peers.Channel.Stock;
        await stock.PutAsync(new PutRequest { Key = "a/0" }, Peers.Options);
        using var monitor = stock.Monitor(new WatchRequest { KeyPrefix = "a/" }, Peers.Options);
        await monitor.ResponseHeadersAsync;
        await stock.PutAsync(new PutRequest { Key = "b" }, Peers.Options);
        await stock.PutAsync(new PutRequest { Key = "a/1", Value = ByteString.CopyFromUtf8("v") }, Peers.Options);
        await stock.DeleteAsync(new DeleteRequest { Key = "a/1" }, Peers.Options);
        var seen = new List<string>();
        while (seen.Count < 2 && await monitor.ResponseStream.MoveNext())
        {
            var change = monitor.ResponseStream.Current;
            seen.Add($"{change.Type} {change.Key} {change.Value.Length}");
        }
        Check.Equal(["Put a/1 1", "Delete a/1 0"], seen);
    }

    [Test]
    public async Task BatchCountsWhatItRefuses()
    {
        await using var peers = await Peers.Start();
        using var batch = peers.Channel.Stock.Batch(Peers.Options);
        foreach (var key in new[] { "a", "", "b" })
        {
            await batch.RequestStream.WriteAsync(new BatchItem { Key = key, Value = ByteString.CopyFromUtf8("xy") });
        }
        await batch.RequestStream.CompleteAsync();
        Check.Equal(
            new BatchSummary
            {
                TotalItems = 3,
                Successful = 2,
                Failed = 1,
                BytesWritten = 4,
            },
            await batch.ResponseAsync
        );
    }

    [Test]
    public async Task TradeAnswersEachOrderBeforeTheNext()
    {
        await using var peers = await Peers.Start();
        using var trade = peers.Channel.Stock.Trade(Peers.Options);
        foreach (var (quantity, message) in new[] { (5, "bought"), (0, "quantity must be positive") })
        {
            await trade.RequestStream.WriteAsync(new TradeOrder { Symbol = "acme", Quantity = quantity });
            Check.True(await trade.ResponseStream.MoveNext(), "a fill");
            Check.Equal(("acme", message), (trade.ResponseStream.Current.Symbol, trade.ResponseStream.Current.Message));
        }
        await trade.RequestStream.CompleteAsync();
        Check.True(!await trade.ResponseStream.MoveNext(), "the end");
    }
}
