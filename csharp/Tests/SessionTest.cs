using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using Stock.Testing;
using Tofusoup.Stock.Session;

namespace Tofusoup.Stock.Implementation.Tests;

/// <summary>Sessions of both roles: what they obey, what they refuse, how they end.</summary>
public sealed class SessionTest
{
    [Test]
    public async Task UnaryIsOneFrame()
    {
        var (server, client) = await SessionPeer.Connect();
        await using var both = new Pair(server, client);
        client.Send(
            Start(
                1,
                Rpc.Put,
                new Request
                {
                    Put = new PutRequest { Key = "k", Value = ByteString.CopyFromUtf8("v") },
                }
            )
        );
        var put = await client.Next(@event => @event.Events);
        Check.Equal((0u, 1, true), (put.Status.Code, put.Responses.Count, put.Headers is not null));
        client.Send(Start(2, Rpc.Get, new Request { Get = new GetRequest { Key = "other" } }));
        var missing = await client.Next(@event => @event.Events);
        Check.Equal(
            (5u, "key not found: other", 0),
            (missing.Status.Code, missing.Status.Message, missing.Responses.Count)
        );
        Check.True(missing.Headers is null, "no initial metadata of an answer of trailers only");
    }

    [Test]
    public async Task MonitorReportsHeadersAtOnce()
    {
        var (server, client) = await SessionPeer.Connect();
        await using var both = new Pair(server, client);
        client.Send(Start(1, Rpc.Monitor, new Request { Monitor = new WatchRequest() }));
        Check.True((await client.Next(@event => @event.Events)).Headers is not null, "initial metadata");
        client.Send(new Command { Cancel = new Cancel { Call = 1 } });
        Check.Equal((uint)StatusCode.Cancelled, (await client.Result(1)).Status.Code);
    }

    [Test]
    public async Task WhatCannotBeObeyedChangesNothing()
    {
        var (server, client) = await SessionPeer.Connect();
        await using var both = new Pair(server, client);
        var get = new Request { Get = new GetRequest { Key = "k" } };
        var wrong = Start(9, Rpc.Get, get);
        wrong.Start.Channel = 7;
        foreach (
            var (command, expected) in new[]
            {
                (wrong, "channel: 7 given, which is not open"),
                (Start(1, Rpc.Unspecified, get), "rpc: "),
                (Start(1, Rpc.Get), "requests: 0 given"),
                (Start(1, Rpc.Put, get), "requests: one is not of the rpc's type"),
                (new Command { Cancel = new Cancel { Call = 5 } }, "call: 5 given, which never was one"),
                (
                    new Command { CloseChannel = new CloseChannel { Channel = 2 } },
                    "channel: 2 given, which is not open"
                ),
                (new Command { Listen = new Listen() }, "command: Listen given"),
                (new Command(), "command: None given"),
            }
        )
        {
            var id = client.Send(command);
            var failure = await client.Next(@event => @event.Failure);
            Check.Equal(id, failure.Id);
            Check.Contains(expected, failure.Reason);
        }
        client.Send(Start(1, Rpc.Get, get));
        Check.Equal("key not found: k", (await client.Result(1)).Status.Message);
        client.Send(new Command { Cancel = new Cancel { Call = 1 } });
        client.Send(Start(2, Rpc.Get, get));
        Check.Equal("key not found: k", (await client.Result(2)).Status.Message);
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
        client.Send(Start(1, Rpc.Get, get));
        Check.Equal((uint)StatusCode.Unavailable, (await client.Result(1)).Status.Code);
        var waiting = Start(2, Rpc.Get, get);
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

    [Test]
    public async Task TradeAnswersBeforeHalfClose()
    {
        var (server, client) = await SessionPeer.Connect();
        await using var both = new Pair(server, client);
        client.Send(Start(1, Rpc.Trade));
        client.Send(
            new Command
            {
                Send = new Send { Call = 1, Requests = { Buy(5) } },
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
        await using var both = new Pair(server, client);
        var start = Start(1, Rpc.Batch);
        start.Start.Metadata = Under(
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
        client.Send(Start(2, Rpc.Batch));
        client.Send(new Command { HalfClose = new HalfClose { Call = 2 } });
        Check.Equal(0, (await client.Result(2)).Responses.Single().Batch.TotalItems);
    }

    [Test]
    public async Task CreditIsKept()
    {
        var (server, client) = await SessionPeer.Connect();
        await using var both = new Pair(server, client);
        var start = Start(1, Rpc.Trade, Buy(1), Buy(2), Buy(3));
        (start.Start.Credit, start.Start.HalfClose) = (1, true);
        client.Send(start);
        var events = new Events();
        while (events.Responses.Count == 0)
        {
            events.MergeFrom(await client.Next(@event => @event.Events));
        }
        // Another call's whole life: the first has had time to read too much.
        client.Send(Start(2, Rpc.Get, new Request { Get = new GetRequest { Key = "k" } }));
        await client.Result(2);
        client.Send(new Command { Receive = new Receive { Call = 1 } });
        events.MergeFrom(await client.Result(1));
        Check.Equal([1, 2, 3], events.Responses.Select(response => response.Trade.QuantityFilled).ToList());
    }

    [Test]
    public async Task CancelAndDeadlineEndACallThatWaitsForCredit()
    {
        var (server, client) = await SessionPeer.Connect();
        await using var both = new Pair(server, client);
        foreach (
            var (call, timeout, code) in new[]
            {
                (1u, 0L, StatusCode.Cancelled),
                (2u, 50_000_000L, StatusCode.DeadlineExceeded),
            }
        )
        {
            var start = Start(call, Rpc.Trade, Buy(1), Buy(2));
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
    public async Task CloseChannelCancelsItsCalls()
    {
        var (server, client) = await SessionPeer.Connect();
        await using var both = new Pair(server, client);
        client.Send(Start(1, Rpc.Monitor, new Request { Monitor = new WatchRequest() }));
        await client.Next(@event => @event.Events);
        client.Send(new Command { CloseChannel = new CloseChannel { Channel = 1 } });
        Check.Equal((uint)StatusCode.Cancelled, (await client.Result(1)).Status.Code);
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
        client.Send(Start(1, Rpc.Trade, Buy(1), Buy(2)));
        var status = (await client.Result(1)).Status;
        Check.Equal(((uint)StatusCode.Unavailable, 2u), (status.Code, status.Unsent));
    }

    [Test]
    public async Task StopEndsMonitorAndAnswers()
    {
        var (server, client) = await SessionPeer.Connect();
        await using var both = new Pair(server, client);
        client.Send(Start(1, Rpc.Monitor, new Request { Monitor = new WatchRequest() }));
        await client.Next(@event => @event.Events);
        server.Send(
            new Command
            {
                Stop = new Stop { Listener = 1, GraceMs = 60_000 },
            }
        );
        Check.Equal(1u, (await server.Next(@event => @event.Stopped)).Listener);
        var status = (await client.Result(1)).Status;
        Check.Equal(((uint)StatusCode.Unavailable, "server shutting down"), (status.Code, status.Message));
    }

    [Test]
    public async Task ObservationFollowsTheEndOfACall()
    {
        var (server, client) = await SessionPeer.Connect();
        await using var both = new Pair(server, client);
        var start = Start(1, Rpc.Get, new Request { Get = new GetRequest { Key = "k" } });
        start.Start.Metadata = Under(new Directive { Tag = "seen" });
        client.Send(start);
        var observed = await server.Next(@event => @event.Observed);
        Check.Equal(("seen", 1u), (observed.Tag, observed.Observation.MessagesRead));
    }

    [Test]
    public async Task EndOfInputEndsEverything()
    {
        var (server, client) = await SessionPeer.Connect();
        await using var both = new Pair(server, client);
        client.Send(Start(1, Rpc.Monitor, new Request { Monitor = new WatchRequest() }));
        await client.Next(@event => @event.Events);
        client.EndInput();
        await client.Session.WaitAsync(Peers.Patience);
        Check.Equal((uint)StatusCode.Cancelled, (await client.Result(1)).Status.Code);
        server.EndInput();
        await server.Session.WaitAsync(Peers.Patience);
    }

    private static int UnusedPort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return socket.LocalEndpoint is IPEndPoint endpoint ? endpoint.Port : 0;
    }

    private static Command Start(uint call, Rpc rpc, params Request[] requests) =>
        new()
        {
            Start = new Start
            {
                Call = call,
                Channel = 1,
                Rpc = rpc,
                Requests = { requests },
            },
        };

    private static Request Buy(int quantity) =>
        new()
        {
            Trade = new TradeOrder { Symbol = "acme", Quantity = quantity },
        };

    private static Tofusoup.Stock.Session.Metadata Under(Directive directive) =>
        new()
        {
            Entries =
            {
                new Header { Name = "stock-directive-bin", Value = directive.ToByteString() },
            },
        };

    private sealed class Pair(SessionPeer server, SessionPeer client) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await client.DisposeAsync();
            await server.DisposeAsync();
        }
    }
}
