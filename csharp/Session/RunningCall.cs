using Grpc.Core;
using Tofusoup.Stock.Session;

namespace Tofusoup.Stock.Implementation;

/// <summary>A running call: one task opens it and reads, a second one sends.</summary>
internal sealed class RunningCall
{
    private const string CompressKey = "grpc-internal-encoding-request";
    private const int NanosecondsPerTick = 100;

    /// <summary>Timers reach no further, and no session does.</summary>
    private static readonly TimeSpan MaxTimer = TimeSpan.FromDays(1);

    private readonly Method _method;
    private readonly Report _report;
    private readonly CallOptions _options;
    private readonly CancellationTokenSource _cancelled;
    private readonly CancellationTokenSource _over;
    private readonly Lock _lock = new();
    private readonly RequestQueue _requests;
    private readonly SemaphoreSlim _toRead = new(0);
    private bool _unlimited;
    private uint _credit;

    /// <summary>Prepares a call. Its clock starts before its deadline's.</summary>
    public RunningCall(Start start, Method method, Report report, CancellationToken channelEnded)
    {
        _method = method;
        _report = report;
        _cancelled = CancellationTokenSource.CreateLinkedTokenSource(channelEnded);
        _requests = new RequestQueue(start.Requests, halfClosed: start.HalfClose || !method.Sends);
        _credit = start.Credit;
        _unlimited = start.Credit == 0;
        _options = Options(start, _cancelled.Token);
        _over = CancellationTokenSource.CreateLinkedTokenSource(_cancelled.Token);
        if (_options.Deadline is { } deadline && deadline - DateTime.UtcNow is var left && left < MaxTimer)
        {
            _over.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
    }

    /// <summary>Whether everything that the call gives is reported at once.</summary>
    private bool Unary => !_method.Sends && !_method.Streams;

    /// <summary>Refuses requests that are not of a method's type.</summary>
    public static void Check(IEnumerable<Request> requests, Method method)
    {
        if (requests.Any(request => request.RequestCase != method.Request))
        {
            throw new CommandException("requests: one is not of the rpc's type");
        }
    }

    /// <summary>Queues requests.</summary>
    public void Send(IEnumerable<Request> requests)
    {
        Check(requests, _method);
        _requests.Add(requests);
    }

    /// <summary>Ends the requests after those queued.</summary>
    public void HalfClose() => _requests.HalfClose();

    /// <summary>Allows more responses; 0 stands for all.</summary>
    public void Receive(uint credit)
    {
        lock (_lock)
        {
            _unlimited = credit == 0;
            _credit += credit;
        }
        _toRead.Release();
    }

    /// <summary>Ends the call, on another thread: what the library then runs is not the session's to wait for.</summary>
    public void Cancel() => _ = _cancelled.CancelAsync();

    /// <summary>Makes the call and reports what it gives.</summary>
    /// <param name="forget">Called before the status is reported.</param>
    public async Task Run(Action forget)
    {
        var first = _method.Sends ? null : _requests.TakeOnly();
        OpenCall? call = null;
        Response? response = null;
        var sending = Task.CompletedTask;
        var status = Grpc.Core.Status.DefaultSuccess;
        try
        {
            call = _method.Open(first, _options);
            sending = _requests.SendAll(call, _cancelled.Token);
            if (Unary)
            {
                response = await call.Next();
            }
            else
            {
                await Read(call);
            }
        }
        catch (RpcException failure)
        {
            status = call is null ? failure.Status : CallEnd.Of(failure, call.Status);
        }
        catch (Exception failure)
        {
            status = new Grpc.Core.Status(StatusCode.Internal, failure.Message);
        }
        var headers = Unary && call is not null ? await HeadersOf(call) : null;
        var trailers = Trailers(call);
        await _cancelled.CancelAsync();
        await sending;
        call?.Call.Dispose();
        forget();
        _report.Add(headers, response, Report.Status(status, trailers, _requests.Count));
        _over.Dispose();
        _cancelled.Dispose();
    }

    private static CallOptions Options(Start start, CancellationToken cancelled)
    {
        var metadata = Headers.ToGrpc(start.Metadata);
        if (
            metadata
                .Where(entry => entry.IsBinary)
                .GroupBy(entry => entry.Key)
                .FirstOrDefault(twice => twice.Skip(1).Any()) is
            { } twice
        )
        {
            // Joined by a comma they are no base64, for which C-core 1.51 ends the connection under all its calls.
            throw new CommandException($"metadata: two values of {twice.Key} given, which SocketsHttpHandler joins");
        }
        if (start.Compress)
        {
            metadata.Add(CompressKey, "gzip");
        }
        var options = new CallOptions(metadata, cancellationToken: cancelled).WithWaitForReady(start.WaitForReady);
        if (start.TimeoutNs == 0)
        {
            return options;
        }
        var now = DateTime.UtcNow;
        var ticks = Math.Min(
            (start.TimeoutNs + NanosecondsPerTick - 1) / NanosecondsPerTick,
            (DateTime.MaxValue - now).Ticks - 1
        );
        return options.WithDeadline(now.AddTicks(ticks));
    }

    private static Grpc.Core.Metadata Trailers(OpenCall? call)
    {
        try
        {
            return call?.Trailers() ?? [];
        }
        catch (InvalidOperationException)
        {
            // A call that has failed before its answer has none.
            return [];
        }
    }

    /// <summary>
    /// Reports the responses, as many as the credit allows, until the call ends. A call that is cancelled while it waits
    /// for credit reads on to its status and reports nothing of what lies before that.
    /// </summary>
    private async Task Read(OpenCall call)
    {
        // Without a stream of responses the library tells of initial metadata while it waits for the only one.
        var headers = ReportHeaders(call);
        await (_method.Streams ? headers : Task.CompletedTask);
        while (true)
        {
            var wanted = await AwaitCredit();
            Response? response;
            try
            {
                response = await call.Next();
            }
            finally
            {
                await headers;
            }
            if (response is null)
            {
                return;
            }
            if (wanted)
            {
                _report.Add(response: response);
            }
            if (!_method.Streams)
            {
                return;
            }
        }
    }

    private async Task ReportHeaders(OpenCall call)
    {
        if (await HeadersOf(call) is { } headers)
        {
            _report.Add(headers);
        }
    }

    /// <summary>Initial metadata; null where the call has ended without any.</summary>
    private static async Task<Grpc.Core.Metadata?> HeadersOf(OpenCall call)
    {
        try
        {
            var headers = await call.Headers();
            return TrailersOnly.Marks(headers) ? null : headers;
        }
        catch (Exception failure) when (failure is RpcException or OperationCanceledException or IOException)
        {
            // Its end is told by whoever reads.
            return null;
        }
    }

    /// <summary>Takes one credit; false where the call ended before there was any.</summary>
    private async Task<bool> AwaitCredit()
    {
        while (true)
        {
            lock (_lock)
            {
                if (_unlimited)
                {
                    return true;
                }
                if (_credit > 0)
                {
                    _credit--;
                    return true;
                }
            }
            try
            {
                await _toRead.WaitAsync(_over.Token);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }
}
