using Stock.Testing;
using Tofusoup.Stock.Session;

namespace Tofusoup.Stock.Implementation.Tests;

/// <summary>A server's session without a client: what it refuses.</summary>
public sealed class ServerSessionTest
{
    [Test]
    public async Task ListenRefusals()
    {
        await using var server = await SessionPeer.Server();
        foreach (
            var (listen, expected) in new[]
            {
                (new Listen { Host = "127.0.0.1", Security = Security.Plaintext }, "listener: 0 given"),
                (
                    new Listen
                    {
                        Listener = 1,
                        Host = "localhost",
                        Security = Security.Plaintext,
                    },
                    "host: \"localhost\" given"
                ),
                (
                    new Listen
                    {
                        Listener = 1,
                        Host = "0.0.0.0",
                        Security = Security.Plaintext,
                    },
                    "plaintext is for loopback"
                ),
                (new Listen { Listener = 1, Host = "127.0.0.1" }, "security: "),
                (
                    new Listen
                    {
                        Listener = 1,
                        Host = "127.0.0.1",
                        Port = 70000,
                        Security = Security.Plaintext,
                    },
                    "port: 70000 given"
                ),
                (
                    new Listen
                    {
                        Listener = 1,
                        Host = "127.0.0.1",
                        Security = Security.Tls,
                    },
                    "identity: no PEM certificate"
                ),
            }
        )
        {
            server.Send(new Command { Listen = listen });
            Check.Contains(expected, (await server.Next(@event => @event.Failure)).Reason);
        }
    }

    [Test]
    public async Task WhatIsNoFrameIsAnError()
    {
        foreach (
            var (bytes, expected) in new[]
            {
                (new byte[] { 0 }, "standard input ends within a frame"),
                ([0, 0, 0, 9, 1], "standard input ends within a frame"),
                ([1, 0, 0, 1], "a frame of 16777217 bytes"),
                ([0, 0, 0, 1, 0xFF], "does not decode"),
            }
        )
        {
            await using var server = await SessionPeer.Server();
            server.WriteRaw(bytes);
            server.EndInput();
            var failure = await Check.ThrowsAsync<FrameException>(() => server.Session.WaitAsync(Peers.Patience));
            Check.Contains(expected, failure.Message);
        }
    }
}
