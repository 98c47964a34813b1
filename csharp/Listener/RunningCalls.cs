using Microsoft.AspNetCore.Http;

namespace Tofusoup.Stock.Implementation;

/// <summary>Counts the calls that run.</summary>
internal sealed class RunningCalls
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    public RunningCalls() => _idle.SetResult();

    /// <summary>Completes when no call runs.</summary>
    public Task Idle
    {
        get
        {
            lock (_lock)
            {
                return _idle.Task;
            }
        }
    }

    /// <summary>The middleware.</summary>
    public async Task Follow(HttpContext http, RequestDelegate next)
    {
        Begin();
        try
        {
            await next(http);
        }
        finally
        {
            End();
        }
    }

    private void Begin()
    {
        lock (_lock)
        {
            if (_count++ == 0)
            {
                _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private void End()
    {
        lock (_lock)
        {
            if (--_count == 0)
            {
                _idle.SetResult();
            }
        }
    }
}
