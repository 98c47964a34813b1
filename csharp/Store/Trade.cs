namespace Tofusoup.Stock.Implementation;

/// <summary>The kinds of an order, numbered as on the wire; any other number is an unknown kind.</summary>
public enum OrderKind
{
    /// <summary>Raise the position.</summary>
    Buy = 0,

    /// <summary>Lower the position.</summary>
    Sell = 1,

    /// <summary>Report the position.</summary>
    Query = 2,
}

/// <summary>Asks to change a position, or what it is.</summary>
public sealed record Order(OrderKind Kind, string Symbol, int Quantity);

/// <summary>Answers an order. A refused one has the quantity 0 and the reason as its message.</summary>
/// <param name="Done">Whether the order was carried out.</param>
/// <param name="Quantity">What was bought or sold, or the position.</param>
/// <param name="Message">What was done, or why not.</param>
/// <param name="Timestamp">Unix nanoseconds: a tick of the store's one clock.</param>
public sealed record Fill(bool Done, int Quantity, string Message, long Timestamp);

/// <content>Positions.</content>
public sealed partial class Store
{
    /// <summary>Carries out one order, or refuses it, atomically. It publishes nothing.</summary>
    public Fill Trade(Order order)
    {
        lock (_lock)
        {
            var (done, quantity, message) = Decide(order);
            return new Fill(done, quantity, message, Tick());
        }
    }

    /// <summary>Decides an order; the order of the cases is normative. The lock is held.</summary>
    private (bool Done, int Quantity, string Message) Decide(Order order)
    {
        var have = _positions.GetValueOrDefault(order.Symbol);
        var want = order.Quantity;
        switch (order.Kind)
        {
            case var _ when !IsKey(order.Symbol):
                return (false, 0, "invalid symbol");
            case not (OrderKind.Buy or OrderKind.Sell or OrderKind.Query):
                return (false, 0, $"unknown order type: {(int)order.Kind}");
            case OrderKind.Query:
                return (true, have, "position");
            case var _ when want <= 0:
                return (false, 0, "quantity must be positive");
            case OrderKind.Buy when want > int.MaxValue - have:
                return (false, 0, "position limit");
            case OrderKind.Sell when want > have:
                return (false, 0, $"insufficient position: have {have}, want {want}");
            case OrderKind.Buy:
                _positions[order.Symbol] = have + want;
                return (true, want, "bought");
            default:
                _positions[order.Symbol] = have - want;
                return (true, want, "sold");
        }
    }
}
