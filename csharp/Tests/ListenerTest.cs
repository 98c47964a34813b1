using System.Diagnostics;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Health.V1;
using Stock.Testing;
using Tofusoup.Stock.Session;

namespace Tofusoup.Stock.Implementation.Tests;

/// <summary>The life of a listener: binding, draining, limits, what it logs.</summary>
public sealed class ListenerTest
{
    [Test]
    public async Task DrainEndsStreamsWithoutAnEnd()
    {
        await using var peers = await Peers.Start();
        using var monitor = peers.Channel.Stock.Monitor(new WatchRequest(), Peers.Options);
        await monitor.ResponseHeadersAsync;
        using var known = peers.Channel.Health.Watch(new HealthCheckRequest { Service = "proto.KV" }, Peers.Options);
        using var unknown = peers.Channel.Health.Watch(new HealthCheckRequest { Service = "nobody" }, Peers.Options);
        await Next(known, HealthCheckResponse.Types.ServingStatus.Serving);
        await Next(unknown, HealthCheckResponse.Types.ServingStatus.ServiceUnknown);
        Check.True(await Drain(peers, TimeSpan.FromMinutes(1)) < Peers.Patience, "a drain in time");
        await ShutDown(() => monitor.ResponseStream.MoveNext());
        await Next(known, HealthCheckResponse.Types.ServingStatus.NotServing);
        await ShutDown(() => known.ResponseStream.MoveNext());
        await ShutDown(() => unknown.ResponseStream.MoveNext());
    }

    [Test]
    public async Task DrainLetsACallGoOnWithinTheGrace()
    {
        await using var peers = await Peers.Start();
        using var trade = peers.Channel.Stock.Trade(Peers.Options);
        await TradeOnce(trade);
        var drain = Drain(peers, TimeSpan.FromMinutes(1));
        await TradeOnce(trade);
        await RefusesConnections(peers.Listener.Endpoint);
        await TradeOnce(trade);
        await trade.RequestStream.CompleteAsync();
        Check.True(!await trade.ResponseStream.MoveNext(), "the end");
        Check.True(await drain.WaitAsync(Peers.Patience) < Peers.Patience, "a drain in time");
    }

    [Test]
    public async Task DrainEndsAtTheGraceWhateverACallDoes()
    {
        await using var peers = await Peers.Start();
        using var trade = peers.Channel.Stock.Trade(Peers.Options);
        await TradeOnce(trade);
        var grace = TimeSpan.FromMilliseconds(50);
        var took = await Drain(peers, grace);
        Check.True(
            took >= grace && took < grace + Listener.AbortTimeout + TimeSpan.FromSeconds(5),
            $"the grace, got {took}"
        );
        await Check.ThrowsAsync<RpcException>(() => trade.ResponseStream.MoveNext());
    }

    [Test]
    public async Task DrainWaitsForNoHandshakeAndNoIdleConnection()
    {
        using var authority = new TestCerts("p256");
        foreach (var tls in new[] { null, Credentials.Server(authority.Issue(), null) })
        {
            await using var peers = await Peers.Start(tls);
            using var half = new TcpClient();
            await half.ConnectAsync(peers.Listener.Endpoint);
            await half.GetStream().WriteAsync("PRI * HT"u8.ToArray());
            var took = await Drain(peers, TimeSpan.FromMinutes(1));
            Check.True(took < TimeSpan.FromSeconds(10), $"no wait, got {took}");
        }
    }

    // A loopback address of the test's own: no other program gets a port there that it gave up.
    private static string OwnLoopback() => $"127.{Random.Shared.Next(256)}.{Random.Shared.Next(256)}.77";

    [Test]
    public async Task TakenPortAndImpossibleHostAreErrors()
    {
        await using var peers = await Peers.Start(host: OwnLoopback());
        var taken = peers.Config with { Port = peers.Listener.Endpoint.Port };
        Check.Contains("cannot bind", (await Check.ThrowsAsync<IOException>(() => Listener.Listen(taken))).Message);
        await Check.ThrowsAsync<IOException>(() => Listener.Listen(peers.Config with { Host = "192.0.2.1" }));
        await Drain(peers, TimeSpan.Zero);
        var again = await Listener.Listen(taken);
        Check.Equal(peers.Listener.Endpoint, again.Endpoint);
        await again.Drain(TimeSpan.Zero);
    }

    [Case("/tofusoup.stock.Stock/get")]
    [Case("/tofusoup.stock.stock/Get")]
    [Case("/tofusoup.stock.Stock/Get/")]
    [Case("/absent.Service/Get")]
    public async Task PathsAreComparedAsTheyStand(string path)
    {
        await using var peers = await Peers.Start();
        using var http = new HttpClient
        {
            BaseAddress = new Uri($"http://{peers.Listener.Endpoint}"),
            Timeout = Peers.Patience,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent([0, 0, 0, 0, 0]),
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/grpc");
        using var response = await http.SendAsync(request);
        Check.Equal(["12"], response.Headers.GetValues("grpc-status").ToList());
    }

    [Test]
    public async Task FaultOfAHandlerIsOneLineOfLog()
    {
        await using var peers = await Peers.Start();
        await Peers.Fails(StatusCode.Unknown, "Exception was thrown by handler.", () =>
            peers
                .Channel.Stock.GetAsync(new GetRequest { Key = "k" }, Peers.Under(new Directive { Throw = true }))
                .ResponseAsync
        );
        OneLine(peers, "thrown for a directive");
    }

    [Test]
    public async Task FailedHandshakeIsOneLineOfLog()
    {
        using var authority = new TestCerts("p256");
        await using var peers = await Peers.Start(Credentials.Server(authority.Issue(), null));
        using var client = new TcpClient();
        await client.ConnectAsync(peers.Listener.Endpoint);
        await client.GetStream().WriteAsync("this is no handshake\n"u8.ToArray());
        await client.GetStream().ReadAsync(new byte[100]).AsTask().WaitAsync(Peers.Patience);
        OneLine(peers, "Failed to authenticate");
    }

    [Test]
    public async Task MessagesHaveALimit()
    {
        await using var peers = await Peers.Start(maxReceiveBytes: 100);
        var large = new PutRequest { Key = "k", Value = Google.Protobuf.ByteString.CopyFrom(new byte[101]) };
        var failure = await Check.ThrowsAsync<RpcException>(() =>
            peers.Channel.Stock.PutAsync(large, Peers.Options).ResponseAsync
        );
        Check.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
    }

    [Test]
    public async Task MetadataHasALimitOfItsCall()
    {
        await using var peers = await Peers.Start();
        using var other = peers.Channel.Stock.Trade(Peers.Options);
        await TradeOnce(other);
        var options = Peers.Options.WithHeaders([new Grpc.Core.Metadata.Entry("x-large", new string('x', 20_000))]);
        await Check.ThrowsAsync<RpcException>(() =>
            peers.Channel.Stock.GetAsync(new GetRequest { Key = "k" }, options).ResponseAsync
        );
        options = Peers.Options.WithHeaders([new Grpc.Core.Metadata.Entry("x-large", new string('x', 8_192))]);
        await peers.Channel.Stock.PutAsync(new PutRequest { Key = "k" }, options);
        await TradeOnce(other);
    }

    private static void OneLine(Peers peers, string expected)
    {
        var lines = peers.Log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Check.Equal(1, lines.Length);
        Check.Contains(expected, lines[0]);
    }

    private static async Task<TimeSpan> Drain(Peers peers, TimeSpan grace)
    {
        var clock = Stopwatch.StartNew();
        await peers.Listener.Drain(grace);
        return clock.Elapsed;
    }

    /// <summary>Dials until nobody listens any more: the drain has begun.</summary>
    private static async Task RefusesConnections(IPEndPoint endpoint)
    {
        using var timeout = new CancellationTokenSource(Peers.Patience);
        while (!timeout.IsCancellationRequested)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(endpoint, timeout.Token);
            }
            catch (SocketException)
            {
                return;
            }
        }
        Check.True(false, "a draining listener to refuse connections");
    }

    private static async Task TradeOnce(AsyncDuplexStreamingCall<TradeOrder, TradeFill> trade)
    {
        await trade.RequestStream.WriteAsync(new TradeOrder { Symbol = "acme", Quantity = 1 });
        Check.True(await trade.ResponseStream.MoveNext() && trade.ResponseStream.Current.Success, "a fill");
    }

    private static async Task Next(
        AsyncServerStreamingCall<HealthCheckResponse> watch,
        HealthCheckResponse.Types.ServingStatus expected
    )
    {
        Check.True(await watch.ResponseStream.MoveNext(), "a status");
        Check.Equal(expected, watch.ResponseStream.Current.Status);
    }

    private static Task<RpcException> ShutDown(Func<Task> call) =>
        Peers.Fails(StatusCode.Unavailable, "server shutting down", call);
}
