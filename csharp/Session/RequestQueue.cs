using Tofusoup.Stock.Session;

namespace Tofusoup.Stock.Implementation;

/// <summary>The requests of a call that its library does not have yet.</summary>
/// <param name="requests">The first ones.</param>
/// <param name="halfClosed">Whether there will be no more.</param>
internal sealed class RequestQueue(IEnumerable<Request> requests, bool halfClosed)
{
    private readonly Lock _lock = new();
    private readonly Queue<Request> _requests = new(requests);
    private readonly SemaphoreSlim _changed = new(0);
    private bool _halfClosed = halfClosed;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _requests.Count;
            }
        }
    }

    /// <summary>Takes the only request of a method without a stream of them.</summary>
    public Request TakeOnly() => _requests.Dequeue();

    /// <summary>Adds requests.</summary>
    /// <exception cref="CommandException">They have ended.</exception>
    public void Add(IEnumerable<Request> requests)
    {
        lock (_lock)
        {
            CheckOpen();
            foreach (var request in requests)
            {
                _requests.Enqueue(request);
            }
        }
        _changed.Release();
    }

    /// <summary>Ends the requests after those that are here.</summary>
    /// <exception cref="CommandException">They have ended.</exception>
    public void HalfClose()
    {
        lock (_lock)
        {
            CheckOpen();
            _halfClosed = true;
        }
        _changed.Release();
    }

    /// <summary>Hands the requests to the library until they end or the call does; who reads learns why.</summary>
    public async Task SendAll(OpenCall call, CancellationToken ended)
    {
        if (call is not { Send: { } send, Complete: { } complete })
        {
            return;
        }
        try
        {
            while (true)
            {
                var (request, halfClosed) = Peek();
                if (request is not null)
                {
                    await send(request);
                    Taken();
                }
                else if (halfClosed)
                {
                    await complete();
                    return;
                }
                else
                {
                    await _changed.WaitAsync(ended);
                }
            }
        }
        catch (Exception)
        {
            // Whatever it is, the call is over: who reads is told of the same.
        }
    }

    private (Request? Request, bool HalfClosed) Peek()
    {
        lock (_lock)
        {
            return (_requests.TryPeek(out var request) ? request : null, _halfClosed);
        }
    }

    private void Taken()
    {
        lock (_lock)
        {
            _requests.Dequeue();
        }
    }

    private void CheckOpen()
    {
        if (_halfClosed)
        {
            throw new CommandException("call: its requests have ended");
        }
    }
}
