using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Tofusoup.Stock.Session;

namespace Tofusoup.Stock.Implementation;

/// <summary>Metadata between gRPC's form, HTTP's and the session protocol's.</summary>
internal static class Headers
{
    private const string ReservedPrefix = "grpc-";

    /// <summary>gRPC's metadata as a session reports it; what belongs to the protocol is left out.</summary>
    public static Session.Metadata Report(Grpc.Core.Metadata metadata)
    {
        var reported = new Session.Metadata();
        foreach (var entry in metadata.Where(entry => !Reserved(entry.Key) && !TrailersOnly.IsMark(entry)))
        {
            var value = entry.IsBinary ? ByteString.CopyFrom(entry.ValueBytes) : Bytes(entry.Value);
            reported.Entries.Add(new Header { Name = entry.Key, Value = value });
        }
        return reported;
    }

    /// <summary>A request's headers as they came.</summary>
    public static Session.Metadata Report(IHeaderDictionary headers)
    {
        var reported = new Session.Metadata();
        foreach (var (name, values) in headers)
        {
            // Names are ASCII.
            var lower = name.ToLowerInvariant();
            if (Reserved(lower))
            {
                continue;
            }
            var binary = IsBinary(lower);
            foreach (
                var value in values
                    .Select(value => value ?? "")
                    .SelectMany(value => binary ? value.Split(',') : [value])
            )
            {
                reported.Entries.Add(new Header { Name = lower, Value = binary ? Decode(value) : Bytes(value) });
            }
        }
        return reported;
    }

    /// <summary>A session's metadata as gRPC takes it.</summary>
    public static Grpc.Core.Metadata ToGrpc(Session.Metadata? metadata)
    {
        var converted = new Grpc.Core.Metadata();
        foreach (var entry in metadata?.Entries ?? [])
        {
            if (IsBinary(entry.Name))
            {
                converted.Add(entry.Name, entry.Value.ToByteArray());
            }
            else
            {
                converted.Add(entry.Name, Encoding.Latin1.GetString(entry.Value.Span));
            }
        }
        return converted;
    }

    /// <summary>
    /// The names that have an empty value, with all their values as HTTP has them: the library hands each to a function
    /// of ASP.NET Core that passes over empty ones.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, StringValues>> WithEmptyValues(Session.Metadata? metadata) =>
        from entry in metadata?.Entries ?? []
        group IsBinary(entry.Name)
            ? entry.Value.ToBase64()
            : Encoding.Latin1.GetString(entry.Value.Span) by entry.Name into values
        where values.Contains("")
        select KeyValuePair.Create(values.Key, new StringValues([.. values]));

    /// <summary>The bytes of a `-bin` value, whose padding may be missing; what is no base64 is nothing.</summary>
    public static ByteString Decode(string base64)
    {
        var text = base64.Trim();
        var bytes = new byte[text.Length];
        var padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        return Convert.TryFromBase64String(padded, bytes, out var length)
            ? ByteString.CopyFrom(bytes.AsSpan(0, length))
            : ByteString.Empty;
    }

    private static bool IsBinary(string name) =>
        name.EndsWith(Grpc.Core.Metadata.BinaryHeaderSuffix, StringComparison.Ordinal);

    private static ByteString Bytes(string text) => ByteString.CopyFrom(text, Encoding.Latin1);

    private static bool Reserved(string name) =>
        name.StartsWith(':') || name.StartsWith(ReservedPrefix, StringComparison.Ordinal) || name is "content-type";
}
