using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Stock.Testing;
using Tofusoup.Stock.Session;

namespace Tofusoup.Stock.Implementation.Tests;

/// <summary>A client's session: when a call sends, waits, reads and gives up.</summary>
public sealed class ClientSessionTest
{
    [Test]
    public async Task TradeAnswersBeforeHalfClose()
    {
        var (server, client) = await SessionPeer.Connect();
        await using var both = new SessionPair(server, client);
        client.Send(Commands.Start(1, Rpc.Trade));
        client.Send(
            new Command
            {
                Send = new Send { Call = 1, Requests = { Commands.Buy(5) } },
            }
        );
        var events = new Events();
        while (events.Responses.Count == 0)
        {
            events.MergeFrom(await client.Next(@event => @event.Events));
        }
        Check.Equal("bought", events.Responses[0].Trade.Message);
        client.Send(new Command { HalfClose = new HalfClose { Call = 1 } });
        Check.Equal(0u, (await client.Result(1)).Status.Code);
    }

    [Test]
    public async Task BatchEndsEarlyWithUnsent()
    {
        var (server, client) = await SessionPeer.Connect();
        await using var both = new SessionPair(server, client);
        var start = Commands.Start(1, Rpc.Batch);
        start.Start.Metadata = Commands.Under(
            new Directive
            {
                Fail = new Fail { Code = 8, Message = "full" },
            }
        );
        client.Send(start);
        var events = await client.Result(1);
        Check.Equal((8u, "full"), (events.Status.Code, events.Status.Message));
        client.Send(
            new Command
            {
                Send = new Send { Call = 1, Requests = { new Request { Batch = new BatchItem() } } },
            }
        );
        client.Send(Commands.Start(2, Rpc.Batch));
        client.Send(new Command { HalfClose = new HalfClose { Call = 2 } });
        Check.Equal(0, (await client.Result(2)).Responses.Single().Batch.TotalItems);
    }

    [Test]
    public async Task CreditIsKept()
    {
        var (server, client) = await SessionPeer.Connect();
        await using var both = new SessionPair(server, client);
        var start = Commands.Start(1, Rpc.Trade, Commands.Buy(1), Commands.Buy(2), Commands.Buy(3));
        (start.Start.Credit, start.Start.HalfClose) = (1, true);
        client.Send(start);
        var events = new Events();
        while (events.Responses.Count == 0)
        {
            events.MergeFrom(await client.Next(@event => @event.Events));
        }
        // Another call's whole life: the first has had time to read too much.
        client.Send(Commands.Start(2, Rpc.Get, new Request { Get = new GetRequest { Key = "k" } }));
        await client.Result(2);
        client.Send(new Command { Receive = new Receive { Call = 1 } });
        events.MergeFrom(await client.Result(1));
        Check.Equal([1, 2, 3], events.Responses.Select(response => response.Trade.QuantityFilled).ToList());
    }

    [Test]
    public async Task CancelAndDeadlineEndACallThatWaitsForCredit()
    {
        var (server, client) = await SessionPeer.Connect();
        await using var both = new SessionPair(server, client);
        foreach (
            var (call, timeout, code) in new[]
            {
                (1u, 0L, StatusCode.Cancelled),
                (2u, 50_000_000L, StatusCode.DeadlineExceeded),
            }
        )
        {
            var start = Commands.Start(call, Rpc.Trade, Commands.Buy(1), Commands.Buy(2));
            (start.Start.Credit, start.Start.TimeoutNs) = (1, timeout);
            client.Send(start);
            if (timeout == 0)
            {
                client.Send(new Command { Cancel = new Cancel { Call = call } });
            }
            var events = await client.Result(call);
            Check.Equal((uint)code, events.Status.Code);
            Check.True(events.Responses.Count <= 1, "no more than the credit");
        }
    }

    [Test]
    public async Task UnreachableServerIsUnavailableAndNothingIsSent()
    {
        await using var client = await SessionPeer.Client();
        var port = UnusedPort();
        client.Send(
            new Command
            {
                OpenChannel = new OpenChannel
                {
                    Channel = 1,
                    Host = "127.0.0.1",
                    Port = (uint)port,
                    Security = Security.Plaintext,
                },
            }
        );
        client.Send(Commands.Start(1, Rpc.Trade, Commands.Buy(1), Commands.Buy(2)));
        var status = (await client.Result(1)).Status;
        Check.Equal(((uint)StatusCode.Unavailable, 2u), (status.Code, status.Unsent));
    }

    /// <summary>Nobody can connect to a port that is bound and at which nobody listens.</summary>
    [Test]
    public async Task ACallCanWaitForAServer()
    {
        using var bound = new Socket(SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var client = await SessionPeer.Client();
        client.Send(
            new Command
            {
                OpenChannel = new OpenChannel
                {
                    Channel = 1,
                    Host = "127.0.0.1",
                    Port = (uint)((IPEndPoint)bound.LocalEndPoint!).Port,
                    Security = Security.Plaintext,
                },
            }
        );
        var get = new Request { Get = new GetRequest { Key = "k" } };
        client.Send(Commands.Start(1, Rpc.Get, get));
        Check.Equal((uint)StatusCode.Unavailable, (await client.Result(1)).Status.Code);
        var waiting = Commands.Start(2, Rpc.Get, get);
        waiting.Start.WaitForReady = true;
        client.Send(waiting);
        var vain = waiting.Clone();
        vain.Start.Call = 3;
        vain.Start.TimeoutNs = 100_000_000;
        client.Send(vain);
        Check.Equal((uint)StatusCode.DeadlineExceeded, (await client.Result(3)).Status.Code);
        bound.Listen();
        using var connection = await bound.AcceptAsync().WaitAsync(Peers.Patience);
    }

    private static int UnusedPort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return socket.LocalEndpoint is IPEndPoint endpoint ? endpoint.Port : 0;
    }
}
