using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Tofusoup.Stock.Session;
using System.Text;

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
            var binary = lower.EndsWith(Grpc.Core.Metadata.BinaryHeaderSuffix, StringComparison.Ordinal);
            foreach (var value in values.Select(value => value ?? "").SelectMany(value => binary ? value.Split(',') : [value]))
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
            if (entry.Name.EndsWith(Grpc.Core.Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
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

    private static ByteString Bytes(string text) => ByteString.CopyFrom(text, Encoding.Latin1);

    private static bool Reserved(string name) =>
        name.StartsWith(':') || name.StartsWith(ReservedPrefix, StringComparison.Ordinal) || name is "content-type";
}
