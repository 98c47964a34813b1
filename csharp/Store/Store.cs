using System.Text;

namespace Tofusoup.Stock.Implementation;

/// <summary>A key, prefix or symbol that breaks the key rule.</summary>
public sealed class InvalidKeyException() : Exception("invalid key: 1 to 1024 bytes of UTF-8 without NUL");

/// <summary>A key without a value.</summary>
public sealed class MissingKeyException(string key) : Exception($"key not found: {key}");

/// <summary>
/// One world of keys, positions and subscribers: it applies one change at a time. Its methods may be called from any
/// thread and never wait for a subscriber. Values are kept and handed out without a copy: nobody may change their
/// bytes afterwards.
/// </summary>
/// <param name="now">The clock, in Unix nanoseconds; the machine's where it is left out.</param>
public sealed partial class Store(Func<long>? now = null)
{
    /// <summary>The size of the longest key.</summary>
    public const int MaxKeyBytes = 1024;

    private const int NanosecondsPerTick = 100;

    private readonly Lock _lock = new();
    private readonly Func<long> _now = now ?? UnixNanoseconds;
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _positions = new(StringComparer.Ordinal);
    private readonly HashSet<Subscription> _subscriptions = [];
    private long _bytes;
    private long _last;

    /// <summary>Tells whether a text is 1 to 1,024 bytes of UTF-8 without U+0000.</summary>
    public static bool IsKey(string text) =>
        text.Length
            is > 0
                and <= MaxKeyBytes
                    && !text.Contains('\0', StringComparison.Ordinal)
                    && Encoding.UTF8.GetByteCount(text) <= MaxKeyBytes;

    /// <summary>Returns the value of a key.</summary>
    /// <exception cref="InvalidKeyException">The key breaks the key rule.</exception>
    /// <exception cref="MissingKeyException">The key has no value.</exception>
    public ReadOnlyMemory<byte> Get(string key)
    {
        CheckKey(key);
        lock (_lock)
        {
            return _values.TryGetValue(key, out var value) ? value : throw new MissingKeyException(key);
        }
    }

    /// <summary>Stores a value and publishes the change.</summary>
    /// <exception cref="InvalidKeyException">The key breaks the key rule.</exception>
    public void Put(string key, ReadOnlyMemory<byte> value)
    {
        CheckKey(key);
        lock (_lock)
        {
            _bytes += value.Length - _values.GetValueOrDefault(key).Length;
            _values[key] = value;
            Publish(new Change(Deleted: false, key, value, Tick()));
        }
    }

    /// <summary>Removes a key and publishes the change.</summary>
    /// <exception cref="InvalidKeyException">The key breaks the key rule.</exception>
    /// <exception cref="MissingKeyException">The key has no value.</exception>
    public void Delete(string key)
    {
        CheckKey(key);
        lock (_lock)
        {
            if (!_values.Remove(key, out var value))
            {
                throw new MissingKeyException(key);
            }
            _bytes -= value.Length;
            Publish(new Change(Deleted: true, key, default, Tick()));
        }
    }

    /// <summary>Returns the number of keys and the bytes of their values, at one instant.</summary>
    public (long Items, long Bytes) Totals()
    {
        lock (_lock)
        {
            return (_values.Count, _bytes);
        }
    }

    /// <summary>
    /// Delivers every change committed from now on whose key starts with the prefix, in order; the empty prefix stands
    /// for all keys. The caller disposes of the subscription.
    /// </summary>
    /// <exception cref="InvalidKeyException">The prefix is not empty and breaks the key rule.</exception>
    public Subscription Subscribe(string prefix)
    {
        if (prefix.Length > 0)
        {
            CheckKey(prefix);
        }
        var subscription = new Subscription(prefix, Unsubscribe);
        lock (_lock)
        {
            _subscriptions.Add(subscription);
        }
        return subscription;
    }

    private static long UnixNanoseconds() => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * NanosecondsPerTick;

    private static void CheckKey(string key)
    {
        if (!IsKey(key))
        {
            throw new InvalidKeyException();
        }
    }

    /// <summary>The next reading of the clock, later than every one before it. The lock is held.</summary>
    private long Tick() => _last = Math.Max(_now(), _last + 1);

    /// <summary>Hands a change to whom it concerns, and drops those whose queue is full. The lock is held.</summary>
    private void Publish(Change change) => _subscriptions.RemoveWhere(subscription => !subscription.Offer(change));

    private void Unsubscribe(Subscription subscription)
    {
        lock (_lock)
        {
            _subscriptions.Remove(subscription);
        }
    }
}
