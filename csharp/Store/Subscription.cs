using System.Threading.Channels;

namespace Tofusoup.Stock.Implementation;

/// <summary>One committed change.</summary>
/// <param name="Deleted">Whether the key was removed, not given a value.</param>
/// <param name="Key">The key.</param>
/// <param name="Value">The value; empty where the key was removed.</param>
/// <param name="Timestamp">Unix nanoseconds, strictly increasing within a store.</param>
public sealed record Change(bool Deleted, string Key, ReadOnlyMemory<byte> Value, long Timestamp);

/// <summary>A subscriber that took its changes more slowly than they came.</summary>
public sealed class SlowSubscriberException() : Exception("subscriber too slow");

/// <summary>The changes of a store to the keys with a prefix.</summary>
public sealed class Subscription : IDisposable
{
    /// <summary>The number of changes that wait for a subscriber before it counts as too slow.</summary>
    public const int QueueSize = 1024;

    private readonly string _prefix;
    private readonly Action<Subscription> _close;
    private readonly Channel<Change> _queue = Channel.CreateBounded<Change>(
        new BoundedChannelOptions(QueueSize) { SingleReader = true, SingleWriter = true }
    );

    internal Subscription(string prefix, Action<Subscription> close)
    {
        _prefix = prefix;
        _close = close;
    }

    /// <summary>
    /// The queue of changes. Once a change has found it full, it ends with a <see cref="SlowSubscriberException"/>,
    /// after those it still holds.
    /// </summary>
    public ChannelReader<Change> Changes => _queue.Reader;

    /// <summary>Ends the delivery. May be called more than once.</summary>
    public void Dispose() => _close(this);

    /// <summary>Takes a change if it concerns the subscriber; false ends the subscription.</summary>
    internal bool Offer(Change change)
    {
        // Both are UTF-8 without errors, so that what holds for their characters holds for their bytes.
        if (!change.Key.StartsWith(_prefix, StringComparison.Ordinal) || _queue.Writer.TryWrite(change))
        {
            return true;
        }
        _queue.Writer.Complete(new SlowSubscriberException());
        return false;
    }
}
