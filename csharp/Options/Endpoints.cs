using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tofusoup.Stock.Implementation;

/// <summary>Addresses as people write them.</summary>
public static class Endpoints
{
    private const int IPv4Parts = 4;

    /// <summary>Reads a literal address; .NET alone takes `1`, `127.1` and `[::1]` for one too.</summary>
    public static bool TryLiteral(string host, [NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(host, out address)
        && (
            address.AddressFamily == AddressFamily.InterNetworkV6
                ? !host.StartsWith('[')
                : host.Split('.') is { Length: IPv4Parts } parts && parts.All(Grammar.Digits)
        );

    /// <summary>Takes `HOST:PORT` apart.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static (string Host, int Port) Parse(string endpoint) =>
        TryParse(endpoint, out var host, out var port)
            ? (host, port)
            : throw new UsageException($"--server: \"{Words.Escape(endpoint)}\" given, HOST:PORT expected");

    /// <summary>Takes `HOST:PORT` apart, where an IPv6 address stands in brackets.</summary>
    public static bool TryParse(string endpoint, out string host, out int port)
    {
        var colon = endpoint.LastIndexOf(':');
        host = colon < 0 ? "" : endpoint[..colon];
        port = 0;
        var digits = endpoint[(colon + 1)..];
        if (
            !Grammar.Digits(digits)
            || !int.TryParse(digits, CultureInfo.InvariantCulture, out port)
            || port is 0 or > IPEndPoint.MaxPort
        )
        {
            return false;
        }
        if (host is ['[', .. var inside, ']'])
        {
            host = inside;
            return TryLiteral(inside, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
        }
        return host.Length > 0
            && host.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-');
    }
}
