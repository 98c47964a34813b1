using System.Collections.Concurrent;

namespace Tofusoup.Stock.Implementation;

/// <summary>The stores of a process by their names; the default one has the empty name.</summary>
public sealed class Stores
{
    private readonly ConcurrentDictionary<string, Store> _named = new(StringComparer.Ordinal);

    /// <summary>The store of calls that name none.</summary>
    public Store Default { get; } = new();

    /// <summary>Returns the store of a name, made when it is first named.</summary>
    public Store Named(string name) => name.Length == 0 ? Default : _named.GetOrAdd(name, static _ => new Store());

    /// <summary>
    /// Drops named stores, never the default one. What still uses a store keeps it; a name without a store is ignored.
    /// </summary>
    public void Forget(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            _named.TryRemove(name, out _);
        }
    }
}
