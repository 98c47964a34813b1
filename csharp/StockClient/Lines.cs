using System.Text;
using Google.Protobuf;
using Grpc.Core;

namespace Tofusoup.Stock.Implementation;

/// <summary>The lines that stock_client prints.</summary>
public static class Lines
{
    /// <summary>`TIMESTAMP PUT KEY VALUE` or `TIMESTAMP DELETE KEY`, by tabs.</summary>
    public static string Event(WatchEvent change) =>
        change.Type == WatchEvent.Types.EventType.Delete
            ? $"{change.Timestamp}\tDELETE\t{Words.Escape(change.Key)}\n"
            : $"{change.Timestamp}\tPUT\t{Words.Escape(change.Key)}\t{Words.Escape(Words.Decode(change.Value.Span))}\n";

    /// <summary>`ok SYMBOL N MESSAGE` or `rejected SYMBOL 0 MESSAGE`, by tabs.</summary>
    public static string Fill(TradeFill fill) =>
        $"{(fill.Success ? "ok" : "rejected")}\t{Words.Escape(fill.Symbol)}\t{fill.QuantityFilled}\t{OneLine(fill.Message)}\n";

    /// <summary>`total=3 successful=3 failed=0 bytes=12`.</summary>
    public static string Summary(BatchSummary summary) =>
        $"total={summary.TotalItems} successful={summary.Successful} failed={summary.Failed} bytes={summary.BytesWritten}\n";

    /// <summary>The totals, and the metadata in the order of its keys.</summary>
    public static string Inventory(InventoryStatus status)
    {
        var lines = new StringBuilder();
        lines.Append($"items={status.TotalItems}\nbytes={status.TotalBytes}\nuptime_seconds={status.UptimeSeconds}\n");
        lines.Append($"server_version={OneLine(status.ServerVersion)}\n");
        foreach (var (key, value) in status.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            lines.Append($"metadata.{OneLine(key)}={OneLine(value)}\n");
        }
        return lines.ToString();
    }

    /// <summary>A peer's text without the ends of lines that would make it several.</summary>
    public static string OneLine(string text) =>
        text.Replace("\n", @"\n", StringComparison.Ordinal).Replace("\r", @"\r", StringComparison.Ordinal);

    /// <summary>A code's name as the specification writes it, `NOT_FOUND`.</summary>
    public static string CodeName(StatusCode code) => code == StatusCode.OK ? "OK" : ScreamingSnake(code.ToString());

    /// <summary>`ServiceUnknown` as `SERVICE_UNKNOWN`.</summary>
    public static string ScreamingSnake(string pascal) =>
        string.Concat(pascal.Select((letter, n) => n > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{letter}"))
            .ToUpperInvariant();
}
