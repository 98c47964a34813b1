using System.Net.Security;
using Google.Protobuf;
using Grpc.Core;
using Stock.Testing;
using Tofusoup.Stock.Session;

namespace Tofusoup.Stock.Implementation.Tests;

/// <summary>A listener in conformance mode, a channel to it, and what it has observed and logged.</summary>
public sealed class Peers : IAsyncDisposable
{
    /// <summary>How long what must happen may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly System.Threading.Channels.Channel<Observed> _observed =
        System.Threading.Channels.Channel.CreateUnbounded<Observed>();

    private Peers(SslServerAuthenticationOptions? tls, int maxReceiveBytes, string host)
    {
        var stores = new Stores();
        var director = new Director(stores, observed => _observed.Writer.TryWrite(observed));
        Config = new ListenerConfig(host, 0, tls, maxReceiveBytes, stores, director, TextWriter.Synchronized(Log));
    }

    /// <summary>How the listener serves.</summary>
    public ListenerConfig Config { get; }

    /// <summary>What has been logged.</summary>
    public StringWriter Log { get; } = new();

    /// <summary>The listener.</summary>
    public Listener Listener { get; private set; } = null!;

    /// <summary>The channel.</summary>
    public ClientChannel Channel { get; private set; } = null!;

    /// <summary>Options of a call that must end in time.</summary>
    public static CallOptions Options => new(deadline: DateTime.UtcNow + Patience);

    /// <summary>Serves, and connects.</summary>
    public static async Task<Peers> Start(
        SslServerAuthenticationOptions? tls = null,
        SslClientAuthenticationOptions? client = null,
        int maxReceiveBytes = 4 << 20,
        string host = "127.0.0.1"
    )
    {
        var peers = new Peers(tls, maxReceiveBytes, host);
        peers.Listener = await Listener.Listen(peers.Config);
        peers.Channel = new ClientChannel(new Endpoint(host, peers.Listener.Endpoint.Port, client, "", 4 << 20));
        return peers;
    }

    /// <summary>Options of a call under a directive.</summary>
    public static CallOptions Under(Directive directive) => Under(directive.ToByteArray());

    /// <summary>Options of a call under what may be no directive.</summary>
    public static CallOptions Under(byte[] value) =>
        Options.WithHeaders([new Grpc.Core.Metadata.Entry("stock-directive-bin", value)]);

    /// <summary>Expects a call to fail with a status.</summary>
    public static async Task<RpcException> Fails(StatusCode code, string message, Func<Task> call)
    {
        var failure = await Check.ThrowsAsync<RpcException>(call);
        Check.Equal((code, message), (failure.StatusCode, failure.Status.Detail));
        return failure;
    }

    /// <summary>The next observation.</summary>
    public async Task<Observed> Observed() => await _observed.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await Listener.Drain(TimeSpan.Zero);
    }
}
