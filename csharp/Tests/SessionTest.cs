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
        await using var both = new SessionPair(server, client);
        client.Send(
            Commands.Start(
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
        client.Send(Commands.Start(2, Rpc.Get, new Request { Get = new GetRequest { Key = "other" } }));
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
        await using var both = new SessionPair(server, client);
        client.Send(Commands.Start(1, Rpc.Monitor, new Request { Monitor = new WatchRequest() }));
        Check.True((await client.Next(@event => @event.Events)).Headers is not null, "initial metadata");
        client.Send(new Command { Cancel = new Cancel { Call = 1 } });
        Check.Equal((uint)StatusCode.Cancelled, (await client.Result(1)).Status.Code);
    }

    [Test]
    public async Task WhatCannotBeObeyedChangesNothing()
    {
        var (server, client) = await SessionPeer.Connect();
        await using var both = new SessionPair(server, client);
        var get = new Request { Get = new GetRequest { Key = "k" } };
        var wrong = Commands.Start(9, Rpc.Get, get);
        wrong.Start.Channel = 7;
        foreach (
            var (command, expected) in new[]
            {
                (wrong, "channel: 7 given, which is not open"),
                (Commands.Start(1, Rpc.Unspecified, get), "rpc: "),
                (Commands.Start(1, Rpc.Get), "requests: 0 given"),
                (Commands.Start(1, Rpc.Put, get), "requests: one is not of the rpc's type"),
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
        client.Send(Commands.Start(1, Rpc.Get, get));
        Check.Equal("key not found: k", (await client.Result(1)).Status.Message);
        client.Send(new Command { Cancel = new Cancel { Call = 1 } });
        client.Send(Commands.Start(2, Rpc.Get, get));
        Check.Equal("key not found: k", (await client.Result(2)).Status.Message);
    }

    [Test]
    public async Task CloseChannelCancelsItsCalls()
    {
        var (server, client) = await SessionPeer.Connect();
        await using var both = new SessionPair(server, client);
        client.Send(Commands.Start(1, Rpc.Monitor, new Request { Monitor = new WatchRequest() }));
        await client.Next(@event => @event.Events);
        client.Send(new Command { CloseChannel = new CloseChannel { Channel = 1 } });
        Check.Equal((uint)StatusCode.Cancelled, (await client.Result(1)).Status.Code);
    }

    [Test]
    public async Task StopEndsMonitorAndAnswers()
    {
        var (server, client) = await SessionPeer.Connect();
        await using var both = new SessionPair(server, client);
        client.Send(Commands.Start(1, Rpc.Monitor, new Request { Monitor = new WatchRequest() }));
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
        await using var both = new SessionPair(server, client);
        var start = Commands.Start(1, Rpc.Get, new Request { Get = new GetRequest { Key = "k" } });
        start.Start.Metadata = Commands.Under(new Directive { Tag = "seen" });
        client.Send(start);
        var observed = await server.Next(@event => @event.Observed);
        Check.Equal(("seen", 1u), (observed.Tag, observed.Observation.MessagesRead));
    }

    [Test]
    public async Task EndOfInputEndsEverything()
    {
        var (server, client) = await SessionPeer.Connect();
        await using var both = new SessionPair(server, client);
        client.Send(Commands.Start(1, Rpc.Monitor, new Request { Monitor = new WatchRequest() }));
        await client.Next(@event => @event.Events);
        client.EndInput();
        await client.Session.WaitAsync(Peers.Patience);
        Check.Equal((uint)StatusCode.Cancelled, (await client.Result(1)).Status.Code);
        server.EndInput();
        await server.Session.WaitAsync(Peers.Patience);
    }
}
