using Google.Protobuf;
using Grpc.Core;
using Stock.Testing;
using Tofusoup.Stock.Session;

namespace Tofusoup.Stock.Implementation.Tests;

/// <summary>What directives do to calls, and what is observed of them.</summary>
public sealed class DirectiveTest
{
    [Test]
    public async Task BadDirectivesAreRefused()
    {
        await using var peers = await Peers.Start();
        foreach (
            var value in new[]
            {
                "\x0a\x05ab"u8.ToArray(),
                new Directive { Fail = new Fail() }.ToByteArray(),
                new Directive { Fail = new Fail { Code = 17 } }.ToByteArray(),
            }
        )
        {
            await Peers.Fails(StatusCode.InvalidArgument, "bad directive", () =>
                peers.Channel.Stock.GetAsync(new GetRequest { Key = "k" }, Peers.Under(value)).ResponseAsync
            );
        }
    }

    [Test]
    public async Task StoresAreApart()
    {
        await using var peers = await Peers.Start();
        await peers.Channel.Stock.PutAsync(new PutRequest { Key = "k" }, Peers.Under(new Directive { Store = "one" }));
        await Peers.Fails(StatusCode.NotFound, "key not found: k", () =>
            peers
                .Channel.Stock.GetAsync(new GetRequest { Key = "k" }, Peers.Under(new Directive { Store = "two" }))
                .ResponseAsync
        );
        Check.Equal(0, peers.Config.Stores.Named("one").Get("k").Length);
    }

    [Test]
    public async Task MetadataAndDetailsGoOutAsTheyAre()
    {
        await using var peers = await Peers.Start();
        var details = ByteString.CopyFrom(0, 0xFF);
        var directive = new Directive
        {
            Headers = Entries(("x-a", "one"), ("x-empty-bin", ""), ("x-a", "two")),
            Trailers = Entries(("x-empty-bin", ""), ("x-b", "three"), ("x-b", "")),
            Fail = new Fail
            {
                Code = 5,
                Message = "tab\tand é",
                Details = details,
            },
        };
        var call = peers.Channel.Stock.GetAsync(new GetRequest { Key = "k" }, Peers.Under(directive));
        var failure = await Peers.Fails(StatusCode.NotFound, "tab\tand é", () => call.ResponseAsync);
        Check.Equal(["one", "two"], Values(await call.ResponseHeadersAsync, "x-a"));
        Check.Equal([""], Values(await call.ResponseHeadersAsync, "x-empty-bin"));
        Check.Equal(["three", ""], Values(failure.Trailers, "x-b"));
        Check.Equal([""], Values(failure.Trailers, "x-empty-bin"));
        Check.Equal(details.ToByteArray(), failure.Trailers.GetValueBytes("grpc-status-details-bin"));
    }

    [Test]
    public async Task MetadataDoesNotGoOutBeforeTheHandlerIsReady()
    {
        var context = new FakeCall(new Directive { Headers = Entries(("x-a", "one")) });
        var director = new Director(new Stores(), null);
        await director.Follow(context.Http, _ =>
            director.ServerStreamingServerHandler<WatchRequest, WatchEvent>(new(), new NoWriter(), context, (_, _, _) =>
            {
                // Whoever has seen it counts on the subscription.
                Check.Equal(0, context.Sent.Count);
                return Task.CompletedTask;
            })
        );
        Check.Equal(["one"], Values(context.Sent.Single(), "x-a"));
    }

    [Test]
    public async Task FailAfterCountsResponsesOrRequests()
    {
        await using var peers = await Peers.Start();
        var fail = new Fail
        {
            Code = 8,
            Message = "enough",
            After = 2,
        };
        using var trade = peers.Channel.Stock.Trade(Peers.Under(new Directive { Tag = "trade", Fail = fail }));
        for (var n = 0; n < 2; n++)
        {
            await trade.RequestStream.WriteAsync(new TradeOrder { Symbol = "acme", Quantity = 1 });
            Check.True(await trade.ResponseStream.MoveNext(), "a fill");
        }
        await Peers.Fails(StatusCode.ResourceExhausted, "enough", () => trade.ResponseStream.MoveNext());
        await Observed(peers, "trade", 2, 2, false);
        using var batch = peers.Channel.Stock.Batch(Peers.Under(new Directive { Tag = "batch", Fail = fail }));
        for (var n = 0; n < 2; n++)
        {
            await batch.RequestStream.WriteAsync(new BatchItem { Key = $"{n}" });
        }
        await Peers.Fails(StatusCode.ResourceExhausted, "enough", () => batch.ResponseAsync);
        await Observed(peers, "batch", 2, 0, false);
    }

    [Test]
    public async Task CancellationIsObserved()
    {
        await using var peers = await Peers.Start();
        using var trade = peers.Channel.Stock.Trade(Peers.Under(new Directive { Tag = "cancelled" }));
        await trade.RequestStream.WriteAsync(new TradeOrder { Symbol = "acme", Quantity = 1 });
        Check.True(await trade.ResponseStream.MoveNext(), "a fill");
        trade.Dispose();
        await Observed(peers, "cancelled", 1, 1, true);
    }

    [Test]
    public async Task EndOfACallIsNoCancellation()
    {
        await using var peers = await Peers.Start();
        foreach (var code in new[] { StatusCode.NotFound, StatusCode.Cancelled })
        {
            var directive = new Directive
            {
                Tag = "ended",
                Fail = new Fail { Code = (uint)code },
            };
            await Peers.Fails(code, "", () =>
                peers.Channel.Stock.GetAsync(new GetRequest { Key = "k" }, Peers.Under(directive)).ResponseAsync
            );
            await Observed(peers, "ended", 1, 0, false);
        }
    }

    [Test]
    public async Task RequestsAreObservedAsTheyCome()
    {
        await using var peers = await Peers.Start();
        var options = Peers.Under(new Directive { Tag = "seen" });
        options.Headers!.Add("x-bytes-bin", [0, 0xFF, 0x2C]);
        options.Headers!.Add("grpc-internal-encoding-request", "gzip");
        await peers.Channel.Stock.PutAsync(new PutRequest { Key = "k" }, options);
        var observation = (await peers.Observed()).Observation;
        Check.Equal("gzip", observation.RequestEncoding);
        Check.True(
            observation.DeadlineNs is > 20_000_000_000 and <= 30_300_000_000,
            $"a deadline of 30 s, got {observation.DeadlineNs}"
        );
        var value = observation.Metadata.Entries.Single(entry => entry.Name == "x-bytes-bin").Value;
        Check.Equal([0, 0xFF, 0x2C], value.ToByteArray());
    }

    private static Tofusoup.Stock.Session.Metadata Entries(params (string Name, string Value)[] pairs)
    {
        var metadata = new Tofusoup.Stock.Session.Metadata();
        metadata.Entries.Add(
            pairs.Select(pair => new Header { Name = pair.Name, Value = ByteString.CopyFromUtf8(pair.Value) })
        );
        return metadata;
    }

    private static List<string> Values(Grpc.Core.Metadata metadata, string name) =>
        [
            .. metadata
                .GetAll(name)
                .Select(entry => entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes) : entry.Value),
        ];

    private static async Task Observed(Peers peers, string tag, uint read, uint sent, bool cancelled)
    {
        var observed = await peers.Observed();
        var observation = observed.Observation;
        Check.Equal(
            (tag, read, sent, cancelled),
            (observed.Tag, observation.MessagesRead, observation.MessagesSent, observation.Cancelled)
        );
    }
}
