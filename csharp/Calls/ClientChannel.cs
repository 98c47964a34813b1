using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Proto;
using Tofusoup.Stock.Session;

namespace Tofusoup.Stock.Implementation;

/// <summary>Where a server is and how to reach it.</summary>
/// <param name="Host">A literal address, or a name.</param>
/// <param name="Port">The port.</param>
/// <param name="Tls">Null: plaintext.</param>
/// <param name="Authority">What the server is called; empty: the host.</param>
/// <param name="MaxReceiveBytes">The largest message read, after decompression.</param>
public sealed record Endpoint(
    string Host,
    int Port,
    SslClientAuthenticationOptions? Tls,
    string Authority,
    int MaxReceiveBytes
);

/// <summary>The stubs over connections of their own. Nothing is dialled before the first call.</summary>
public sealed class ClientChannel : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(20);

    /// <summary>gRPC's own first wait is 1 s: a server of a test comes up sooner.</summary>
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(50);

    private readonly Endpoint _endpoint;
    private readonly GrpcChannel _channel;

    /// <summary>Makes a channel.</summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="waits">
    /// Whether calls can wait for a connection: the library has that for connections that it dials itself, and then it
    /// says INTERNAL of a handshake that fails.
    /// </param>
    public ClientChannel(Endpoint endpoint, bool waits = false)
    {
        _endpoint = endpoint;
        var name = endpoint.Authority.Length > 0 ? endpoint.Authority : endpoint.Host;
        var scheme = endpoint.Tls is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        var server = new UriBuilder(scheme, name, endpoint.Port).Uri;
        _channel = GrpcChannel.ForAddress(
            waits ? new UriBuilder(scheme, endpoint.Host, endpoint.Port).Uri : server,
            new GrpcChannelOptions
            {
                CompressionProviders = [new Gzip()],
                DisposeHttpClient = true,
                HttpHandler = new TrailersOnly(
                    waits ? new NamedServer(Dialler(waits), server.Authority) : Dialler(waits)
                ),
                InitialReconnectBackoff = FirstBackoff,
                MaxReceiveMessageSize = endpoint.MaxReceiveBytes,
                MaxSendMessageSize = null,
            }
        );
        var invoker = _channel.CreateCallInvoker();
        Stock = new Stock.StockClient(invoker);
        Kv = new KV.KVClient(invoker);
        Absent = new Absent.AbsentClient(invoker);
        Health = new Health.HealthClient(invoker);
    }

    /// <summary>Calls tofusoup.stock.Stock.</summary>
    public Stock.StockClient Stock { get; }

    /// <summary>Calls proto.KV.</summary>
    public KV.KVClient Kv { get; }

    /// <summary>Calls what nobody serves.</summary>
    public Absent.AbsentClient Absent { get; }

    /// <summary>Calls grpc.health.v1.Health.</summary>
    public Health.HealthClient Health { get; }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _channel.Dispose();

    private SocketsHttpHandler Dialler(bool waits) =>
        new()
        {
            ConnectCallback = waits ? null : (_, ended) => Connect(ended),
            ConnectTimeout = ConnectTimeout,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            SslOptions = _endpoint.Tls ?? new SslClientAuthenticationOptions(),
            UseCookies = false,
            UseProxy = false,
        };

    /// <summary>
    /// Dials, and makes the connection secure. A handshake that fails is told as a broken connection: the library would
    /// say INTERNAL of it, which is no word for a peer that is not the right one.
    /// </summary>
    private async ValueTask<Stream> Connect(CancellationToken ended)
    {
        var stream = await Dial(ended);
        if (_endpoint.Tls is not { } tls)
        {
            return stream;
        }
        var secured = new SslStream(stream);
        try
        {
            await secured.AuthenticateAsClientAsync(tls, ended);
            return secured;
        }
        catch (Exception failure)
        {
            await secured.DisposeAsync();
            if (failure is AuthenticationException)
            {
                throw new IOException($"TLS handshake: {failure.Message}", failure);
            }
            throw;
        }
    }

    private async Task<NetworkStream> Dial(CancellationToken ended)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await (
                IPAddress.TryParse(_endpoint.Host, out var address)
                    ? socket.ConnectAsync(address, _endpoint.Port, ended)
                    : socket.ConnectAsync(_endpoint.Host, _endpoint.Port, ended)
            );
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
