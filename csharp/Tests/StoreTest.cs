using Stock.Testing;

namespace Tofusoup.Stock.Implementation.Tests;

/// <summary>Keys, the clock, subscribers and positions.</summary>
public sealed class StoreTest
{
    private readonly Store _store = new();

    [Test]
    public void KeysObeyTheRule()
    {
        foreach (
            var key in new[] { "a", "../x", "a//b", "*", "__proto__", " ", "é", "\U0001F600", new string('k', 1024) }
        )
        {
            Check.True(Store.IsKey(key), $"{key} to be a key");
        }
        foreach (var key in new[] { "", "a\0b", new string('k', 1025), new string('é', 513) })
        {
            Check.True(!Store.IsKey(key), $"{key} to be no key");
        }
    }

    [Test]
    public void TotalsFollowChanges()
    {
        _store.Put("a", "123"u8.ToArray());
        _store.Put("b", default);
        Check.Equal((2L, 3L), _store.Totals());
        _store.Put("a", "1"u8.ToArray());
        Check.Equal((2L, 1L), _store.Totals());
        Check.Throws<InvalidKeyException>(() => _store.Put("", default));
        _store.Delete("a");
        Check.Equal((1L, 0L), _store.Totals());
        Check.Equal("key not found: a", Check.Throws<MissingKeyException>(() => _store.Delete("a")).Message);
        Check.Throws<MissingKeyException>(() => _store.Get("a"));
        Check.Throws<InvalidKeyException>(() => _store.Delete("\0"));
        Check.Equal((1L, 0L), _store.Totals());
    }

    [Test]
    public void ClockNeverStandsStill()
    {
        var readings = new Queue<long>([100, 100, 90, 300]);
        var store = new Store(readings.Dequeue);
        Check.Equal(
            [100, 101, 102, 300],
            Enumerable.Range(0, 4).Select(_ => store.Trade(new Order(OrderKind.Query, "x", 0)).Timestamp).ToList()
        );
    }

    [Test]
    public void SubscriberSeesItsPrefixInOrder()
    {
        _store.Put("a/0", default);
        using var subscription = _store.Subscribe("a/");
        foreach (var key in new[] { "a/1", "b/1", "a", "a/2", "a/2" })
        {
            _store.Put(key, "v"u8.ToArray());
        }
        _store.Delete("a/1");
        subscription.Dispose();
        _store.Put("a/3", default);
        var seen = Drain(subscription);
        Check.Equal(
            ["a/1 False 1", "a/2 False 1", "a/2 False 1", "a/1 True 0"],
            seen.Select(change => $"{change.Key} {change.Deleted} {change.Value.Length}").ToList()
        );
        Check.Equal(
            seen.Select(change => change.Timestamp).Order().Distinct().ToList(),
            seen.Select(change => change.Timestamp).ToList()
        );
    }

    [Test]
    public void PrefixObeysTheKeyRule()
    {
        Check.Throws<InvalidKeyException>(() => _store.Subscribe("\0"));
        _store.Subscribe("").Dispose();
    }

    [Test]
    public async Task SlowSubscriberIsEndedAndNobodyElse()
    {
        using var slow = _store.Subscribe("");
        using var quick = _store.Subscribe("");
        for (var n = 0; n <= Subscription.QueueSize; n++)
        {
            _store.Put($"{n}", default);
            await quick.Changes.ReadAsync();
        }
        Check.Equal(
            Enumerable.Range(0, Subscription.QueueSize).Select(n => $"{n}").ToList(),
            Drain(slow).Select(change => change.Key).ToList()
        );
        await Check.ThrowsAsync<SlowSubscriberException>(async () => await slow.Changes.WaitToReadAsync());
        _store.Put("k", default);
        Check.Equal("k", (await quick.Changes.ReadAsync()).Key);
    }

    [Case(OrderKind.Query, "acme", 99, true, 0, "position")]
    [Case(OrderKind.Buy, "acme", 5, true, 5, "bought")]
    [Case(OrderKind.Sell, "acme", 6, false, 0, "insufficient position: have 0, want 6")]
    [Case(OrderKind.Buy, "acme", 0, false, 0, "quantity must be positive")]
    [Case(OrderKind.Sell, "acme", -1, false, 0, "quantity must be positive")]
    [Case((OrderKind)7, "acme", 0, false, 0, "unknown order type: 7")]
    [Case((OrderKind)(-1), "acme", 1, false, 0, "unknown order type: -1")]
    [Case((OrderKind)7, "", 1, false, 0, "invalid symbol")]
    [Case(OrderKind.Query, "a\0", 1, false, 0, "invalid symbol")]
    public void FirstOrder(OrderKind kind, string symbol, int quantity, bool done, int filled, string message)
    {
        var fill = _store.Trade(new Order(kind, symbol, quantity));
        Check.Equal((done, filled, message), (fill.Done, fill.Quantity, fill.Message));
    }

    [Test]
    public void PositionsHaveALimit()
    {
        Check.True(Trade(OrderKind.Buy, int.MaxValue).Done, "the largest position");
        Check.Equal("position limit", Trade(OrderKind.Buy, 1).Message);
        Check.Equal(int.MaxValue, Trade(OrderKind.Query, 0).Quantity);
        Check.Equal("sold", Trade(OrderKind.Sell, int.MaxValue).Message);
        Check.Equal(0, Trade(OrderKind.Query, 0).Quantity);
    }

    [Test]
    public async Task ChangesFromManyThreadsAreOneSequence()
    {
        using var subscription = _store.Subscribe("");
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(writer =>
                    Task.Run(() =>
                    {
                        for (var n = 0; n < Subscription.QueueSize / 8; n++)
                        {
                            _store.Put($"{writer} {n}", "v"u8.ToArray());
                        }
                    })
                )
        );
        var times = Drain(subscription).Select(change => change.Timestamp).ToList();
        Check.Equal(Subscription.QueueSize, times.Count);
        Check.Equal(times.Distinct().Order().ToList(), times);
        Check.Equal(((long)Subscription.QueueSize, (long)Subscription.QueueSize), _store.Totals());
    }

    [Test]
    public void StoresAreSeparateAndForgettable()
    {
        var stores = new Stores();
        stores.Named("one").Put("k", default);
        Check.Throws<MissingKeyException>(() => stores.Named("two").Get("k"));
        stores.Named("").Put("k", default);
        stores.Forget(["one", "none", ""]);
        Check.Throws<MissingKeyException>(() => stores.Named("one").Get("k"));
        Check.Equal(0, stores.Default.Get("k").Length);
    }

    private static List<Change> Drain(Subscription subscription)
    {
        var changes = new List<Change>();
        while (subscription.Changes.TryRead(out var change))
        {
            changes.Add(change);
        }
        return changes;
    }

    private Fill Trade(OrderKind kind, int quantity) => _store.Trade(new Order(kind, "acme", quantity));
}
