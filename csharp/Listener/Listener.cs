using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tofusoup.Stock.Implementation;

/// <summary>Where and how a listener serves.</summary>
/// <param name="Host">A literal address, or a name.</param>
/// <param name="Port">0: any free one.</param>
/// <param name="Tls">Null: plaintext.</param>
/// <param name="MaxReceiveBytes">The largest message read, after decompression.</param>
/// <param name="Stores">The stores.</param>
/// <param name="Director">Null: directives are ignored.</param>
/// <param name="Log">Where the log goes.</param>
public sealed record ListenerConfig(
    string Host,
    int Port,
    SslServerAuthenticationOptions? Tls,
    int MaxReceiveBytes,
    Stores Stores,
    Director? Director,
    TextWriter Log
)
{
    /// <summary>What Inventory says of the connections.</summary>
    public string Security =>
        Tls switch
        {
            null => "plaintext",
            { ClientCertificateRequired: true } => "mtls",
            _ => "tls",
        };
}

/// <summary>A socket with every service behind it, from the bind to the end of its drain.</summary>
public sealed class Listener
{
    private const int MaxStreams = 100;

    /// <summary>How long peers without a call may take to acknowledge the GOAWAY.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(200);

    /// <summary>How long the ends of aborted calls may take: their handlers have been cancelled.</summary>
    public static readonly TimeSpan AbortTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>Timers reach little further.</summary>
    public static readonly TimeSpan LongestGrace = TimeSpan.FromDays(30);

    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    private readonly WebApplication _application;
    private readonly IServer _server;
    private readonly CancellationTokenSource _draining = new();
    private readonly RunningCalls _calls = new();

    private Listener(ListenerConfig config, IPAddress address)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddProvider(new LineLoggerProvider(config.Log)).AddFilter(LineLoggerProvider.Wanted);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, config, address));
        Routes.AddServices(builder.Services, config, _draining.Token);
        _application = builder.Build();
        var routes = new Routes(_application.Services);
        _application.Use((http, next) => _calls.Follow(http, next));
        if (config.Director is { } director)
        {
            _application.Use((http, next) => director.Follow(http, next));
        }
        _application.Run(routes.Invoke);
        _server = _application.Services.GetRequiredService<IServer>();
    }

    /// <summary>The address bound.</summary>
    public IPEndPoint Endpoint { get; private set; } = new(IPAddress.None, 0);

    /// <summary>Binds and serves. The caller drains the listener.</summary>
    /// <exception cref="IOException">The address cannot be bound.</exception>
    public static async Task<Listener> Listen(ListenerConfig config)
    {
        var address = await Resolve(config.Host);
        var listener = new Listener(config, address);
        try
        {
            await listener._application.StartAsync();
        }
        catch (Exception failure) when (failure is IOException or System.Net.Sockets.SocketException)
        {
            await listener._application.DisposeAsync();
            var reason = (failure.InnerException?.InnerException ?? failure.InnerException ?? failure).Message;
            throw new IOException($"cannot bind {new IPEndPoint(address, config.Port)}: {reason}", failure);
        }
        var bound = listener._server.Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        listener.Endpoint = new IPEndPoint(address, new Uri(bound).Port);
        return listener;
    }

    /// <summary>
    /// Refuses new connections, ends the streams that have no end of their own and lets the other calls go on within the
    /// grace; then aborts them. It returns when no call is left, and at most <see cref="AbortTimeout"/> after the grace,
    /// whatever the peers do.
    /// </summary>
    public async Task Drain(TimeSpan grace)
    {
        await _draining.CancelAsync();
        using var abort = new CancellationTokenSource(grace < LongestGrace ? grace : LongestGrace);
        var stopped = _server.StopAsync(abort.Token);
        while (!stopped.IsCompleted && !abort.IsCancellationRequested)
        {
            await Task.WhenAny(stopped, _calls.Idle, Task.Delay(Timeout.InfiniteTimeSpan, abort.Token));
            await Task.WhenAny(stopped, Task.Delay(Farewell, abort.Token));
            if (_calls.Idle.IsCompleted)
            {
                break;
            }
        }
        await abort.CancelAsync();
        await Task.WhenAny(Task.WhenAll(stopped, _calls.Idle), Task.Delay(AbortTimeout));
    }

    private static async Task<IPAddress> Resolve(string host)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return literal;
        }
        if (string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase))
        {
            // Kestrel takes the name for both loopback addresses, and then no port 0.
            return IPAddress.Loopback;
        }
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host);
            return addresses.Length > 0
                ? addresses[0]
                : throw new IOException($"cannot bind {host}: it has no address");
        }
        catch (Exception failure) when (failure is System.Net.Sockets.SocketException or ArgumentException)
        {
            throw new IOException($"cannot bind {host}: {failure.Message}", failure);
        }
    }

    private static void Configure(KestrelServerOptions kestrel, ListenerConfig config, IPAddress address)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.Http2.MaxStreamsPerConnection = MaxStreams;
        limits.Http2.MaxRequestHeaderFieldSize = Routes.MaxMetadataBytes;
        limits.MaxRequestHeadersTotalSize = Routes.MaxMetadataBytes;

        // Messages have a limit of their own, and a peer may be as slow as it likes.
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        kestrel.Listen(address, config.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (config.Tls is { } tls)
            {
                listen.UseHttps(
                    new TlsHandshakeCallbackOptions
                    {
                        HandshakeTimeout = HandshakeTimeout,
                        OnConnection = _ => ValueTask.FromResult(tls),
                    }
                );
            }
        });
    }

    /// <summary>Signals are the programs' to handle.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
