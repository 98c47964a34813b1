using Google.Protobuf;
using Tofusoup.Stock.Session;

namespace Tofusoup.Stock.Implementation.Tests;

/// <summary>What a runner says in a session.</summary>
public static class Commands
{
    /// <summary>Starts a call of channel 1.</summary>
    public static Command Start(uint call, Rpc rpc, params Request[] requests) =>
        new()
        {
            Start = new Start
            {
                Call = call,
                Channel = 1,
                Rpc = rpc,
                Requests = { requests },
            },
        };

    /// <summary>An order of Trade.</summary>
    public static Request Buy(int quantity) =>
        new()
        {
            Trade = new TradeOrder { Symbol = "acme", Quantity = quantity },
        };

    /// <summary>Request metadata with a directive.</summary>
    public static Tofusoup.Stock.Session.Metadata Under(Directive directive) =>
        new()
        {
            Entries =
            {
                new Header { Name = "stock-directive-bin", Value = directive.ToByteString() },
            },
        };
}
