using Grpc.Core;

namespace Tofusoup.Stock.Implementation;

/// <summary>After how many messages a call fails, and how.</summary>
internal sealed class Limit(uint after, Func<RpcException>? failure)
{
    private uint _count;

    /// <summary>Never.</summary>
    public static Limit None => new(0, null);

    /// <summary>Counts a message.</summary>
    public void Count() => _count++;

    /// <summary>Fails if it is time.</summary>
    public void Check()
    {
        if (failure is not null && _count >= after)
        {
            throw failure();
        }
    }
}

/// <summary>Counts the requests of a call; it fails instead of reading one too many.</summary>
internal sealed class DirectedReader<T>(IAsyncStreamReader<T> requests, DirectedCall call, Limit limit)
    : IAsyncStreamReader<T>
{
    /// <inheritdoc/>
    public T Current => requests.Current;

    /// <inheritdoc/>
    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        limit.Check();
        if (!await requests.MoveNext(cancellationToken))
        {
            return false;
        }
        limit.Count();
        call.Read();
        return true;
    }
}

/// <summary>Counts the responses of a call; it fails, though that one is sent, with the last before the limit.</summary>
/// <param name="responses">The call's.</param>
/// <param name="call">The call.</param>
/// <param name="limit">When to fail.</param>
/// <param name="begin">Sends the initial metadata, if nobody has yet.</param>
internal sealed class DirectedWriter<T>(
    IServerStreamWriter<T> responses,
    DirectedCall call,
    Limit limit,
    Func<Task> begin
) : IServerStreamWriter<T>
{
    /// <inheritdoc/>
    public WriteOptions? WriteOptions
    {
        get => responses.WriteOptions;
        set => responses.WriteOptions = value;
    }

    /// <inheritdoc/>
    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    /// <inheritdoc/>
    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        await begin();
        await responses.WriteAsync(message, cancellationToken);
        call.Sent();
        limit.Count();
        limit.Check();
    }
}
