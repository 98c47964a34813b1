using Grpc.Core;
using Grpc.Reflection;
using V1 = Grpc.Reflection.V1;
using V1Alpha = Grpc.Reflection.V1Alpha;

namespace Tofusoup.Stock.Implementation;

/// <summary>The library's reflection, which would not end at a drain.</summary>
internal sealed class UntilDrain(ReflectionV1ServiceImpl inner, CancellationToken draining)
    : V1.ServerReflection.ServerReflectionBase
{
    /// <inheritdoc/>
    public override Task ServerReflectionInfo(
        IAsyncStreamReader<V1.ServerReflectionRequest> requestStream,
        IServerStreamWriter<V1.ServerReflectionResponse> responseStream,
        ServerCallContext context
    ) => inner.ServerReflectionInfo(requestStream, responseStream, context).UnlessEnded(draining);
}

/// <summary>The older version of it.</summary>
internal sealed class UntilDrainAlpha(ReflectionServiceImpl inner, CancellationToken draining)
    : V1Alpha.ServerReflection.ServerReflectionBase
{
    /// <inheritdoc/>
    public override Task ServerReflectionInfo(
        IAsyncStreamReader<V1Alpha.ServerReflectionRequest> requestStream,
        IServerStreamWriter<V1Alpha.ServerReflectionResponse> responseStream,
        ServerCallContext context
    ) => inner.ServerReflectionInfo(requestStream, responseStream, context).UnlessEnded(draining);
}

/// <summary>Waits that a drain ends.</summary>
internal static class Drains
{
    extension(CancellationToken draining)
    {
        /// <summary>Completes at the drain; fails where the call ends before.</summary>
        public async Task Ended(CancellationToken call)
        {
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = draining.UnsafeRegister(_ => ended.TrySetResult(), null);
            await ended.Task.WaitAsync(call);
        }
    }

    extension(Task handler)
    {
        /// <summary>
        /// Completes with a handler, or fails at the drain. A handler that is left behind ends with its call, which the
        /// caller ends now.
        /// </summary>
        public async Task UnlessEnded(CancellationToken draining)
        {
            try
            {
                await handler.WaitAsync(draining);
            }
            catch (OperationCanceledException) when (draining.IsCancellationRequested && !handler.IsCompleted)
            {
                _ = handler.ContinueWith(
                    static left => left.Exception,
                    CancellationToken.None,
                    TaskContinuationOptions.OnlyOnFaulted,
                    TaskScheduler.Default
                );
                throw Statuses.Draining();
            }
        }
    }
}
