using System.Globalization;

namespace Tofusoup.Stock.Implementation;

/// <summary>The arguments of batch and trade.</summary>
public static class Arguments
{
    private const string OrderForms = "buy:SYMBOL:N, sell:SYMBOL:N or query:SYMBOL expected";

    /// <summary>Splits an item of a batch, `KEY=VALUE`, at its first `=`.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static (string Key, string Value) ParseItem(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            throw new UsageException($"batch: \"{Words.Escape(argument)}\" given, KEY=VALUE expected");
        }
        var key = argument[..equals];
        return Words.IsText(key)
            ? (key, argument[(equals + 1)..])
            : throw new UsageException($"batch: \"{Words.Escape(argument)}\" given, a key of UTF-8 expected");
    }

    /// <summary>
    /// Splits an order: `buy:SYMBOL:N` and `sell:SYMBOL:N` at the first colon and the last, `query:SYMBOL` at the first.
    /// </summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static Order ParseOrder(string argument) =>
        TryParseOrder(argument) is { } order && Words.IsText(order.Symbol)
            ? order
            : throw new UsageException($"trade: \"{Words.Escape(argument)}\" given, {OrderForms}");

    private static Order? TryParseOrder(string argument)
    {
        var colon = argument.IndexOf(':', StringComparison.Ordinal);
        var last = argument.LastIndexOf(':');
        OrderKind? kind =
            colon < 0
                ? null
                : argument[..colon] switch
                {
                    "buy" => OrderKind.Buy,
                    "sell" => OrderKind.Sell,
                    "query" => OrderKind.Query,
                    _ => null,
                };
        return kind switch
        {
            null => null,
            OrderKind.Query => new Order(OrderKind.Query, argument[(colon + 1)..], 0),
            { } other when last > colon && TryNumber(argument[(last + 1)..], out var quantity) => new Order(
                other,
                argument[(colon + 1)..last],
                quantity
            ),
            _ => null,
        };
    }

    private static bool TryNumber(string text, out int number)
    {
        number = 0;
        return Grammar.Digits(text.StartsWith('-') ? text[1..] : text)
            && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }
}
