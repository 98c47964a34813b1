using Grpc.Core;

namespace Tofusoup.Stock.Implementation;

/// <summary>How a call has ended.</summary>
public static class CallEnd
{
    /// <summary>
    /// The status of a call that has failed. Where a deadline or a cancellation has ended it, who reads may be told of
    /// the broken stream that this left behind: what the call itself says comes first.
    /// </summary>
    /// <param name="failure">What was thrown to who reads.</param>
    /// <param name="status">What the call says; it throws where the call has not ended.</param>
    public static Status Of(RpcException failure, Func<Status> status)
    {
        try
        {
            return status() is { StatusCode: not StatusCode.OK } ended ? ended : failure.Status;
        }
        catch (InvalidOperationException)
        {
            return failure.Status;
        }
    }

    /// <summary>All responses of a stream; its failure has the status of the call.</summary>
    /// <param name="responses">The stream.</param>
    /// <param name="status">What the call says at its end.</param>
    public static async IAsyncEnumerable<T> ReadAll<T>(IAsyncStreamReader<T> responses, Func<Status> status)
    {
        while (await Next(responses, status))
        {
            yield return responses.Current;
        }
    }

    private static async Task<bool> Next<T>(IAsyncStreamReader<T> responses, Func<Status> status)
    {
        try
        {
            return await responses.MoveNext(CancellationToken.None);
        }
        catch (RpcException failure)
        {
            throw new RpcException(Of(failure, status), failure.Trailers);
        }
    }
}
