using System.Globalization;
using System.Security.Authentication;
using Google.Protobuf;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Tofusoup.Stock.Session;

namespace Tofusoup.Stock.Implementation;

/// <summary>One call under a directive, from its receipt to its end.</summary>
internal sealed class DirectedCall
{
    private const int MinStatusCode = 1;
    private const int MaxStatusCode = 16;

    private readonly HttpContext _http;
    private readonly Observation? _observation;
    private int _read;
    private int _sent;
    private bool? _cancelled;

    /// <summary>Begins a call.</summary>
    /// <param name="http">The request.</param>
    /// <param name="value">The directive as it came, in base64.</param>
    /// <param name="observed">Whether anybody is told what the server saw.</param>
    public DirectedCall(HttpContext http, string value, bool observed)
    {
        _http = http;
        Directive = Parse(value);
        if (observed && Directive is { Tag.Length: > 0 })
        {
            _observation = Observe(http);
        }
    }

    /// <summary>The directive; null where it did not decode.</summary>
    public Directive? Directive { get; }

    /// <summary>Counts a message that the handler reads.</summary>
    public void Read() => Interlocked.Increment(ref _read);

    /// <summary>Counts a message that the handler has sent.</summary>
    public void Sent() => Interlocked.Increment(ref _sent);

    /// <summary>Notes how the handler ended.</summary>
    public void Handled(bool cancelled) => _cancelled = cancelled;

    /// <summary>What the server saw, when the call has ended; null where nobody asked.</summary>
    public Observed? Observed()
    {
        if (_observation is null)
        {
            return null;
        }
        _observation.MessagesRead = (uint)Volatile.Read(ref _read);
        _observation.MessagesSent = (uint)Volatile.Read(ref _sent);
        _observation.Cancelled = _cancelled ?? _http.RequestAborted.IsCancellationRequested;
        return new Observed { Tag = Directive!.Tag, Observation = _observation };
    }

    private static Directive? Parse(string value)
    {
        try
        {
            var directive = Directive.Parser.ParseFrom(Headers.Decode(value));
            return directive.Fail is null or { Code: >= MinStatusCode and <= MaxStatusCode } ? directive : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static Observation Observe(HttpContext http)
    {
        var observation = new Observation
        {
            Metadata = Headers.Report(http.Request.Headers),
            RequestEncoding = http.Request.Headers["grpc-encoding"].ToString(),
            TlsVersion = http.Features.Get<ITlsHandshakeFeature>()?.Protocol switch
            {
                SslProtocols.Tls12 => "1.2",
                SslProtocols.Tls13 => "1.3",
                _ => "",
            },
        };
        if (Timeout(http.Request.Headers["grpc-timeout"].ToString()) is { } nanoseconds)
        {
            observation.DeadlineNs = nanoseconds;
        }
        if (http.Connection.ClientCertificate is { } certificate)
        {
            observation.PeerCertificatePem = ByteString.CopyFromUtf8(certificate.ExportCertificatePem() + "\n");
        }
        return observation;
    }

    /// <summary>The nanoseconds that a `grpc-timeout` allows; null where it is none.</summary>
    private static long? Timeout(string timeout)
    {
        long? unit = timeout.LastOrDefault() switch
        {
            'H' => 3_600_000_000_000,
            'M' => 60_000_000_000,
            'S' => 1_000_000_000,
            'm' => 1_000_000,
            'u' => 1_000,
            'n' => 1,
            _ => null,
        };
        return unit is { } nanoseconds && int.TryParse(timeout[..^1], CultureInfo.InvariantCulture, out var count)
            ? count * nanoseconds
            : null;
    }
}
