using System.Buffers;
using Tofusoup.Stock.Session;

namespace Tofusoup.Stock.Implementation;

/// <summary>Has events to write; it is asked once for each time it was queued.</summary>
internal interface IEventSource
{
    /// <summary>Takes what is ready.</summary>
    IEnumerable<Event> Take();
}

/// <summary>
/// Writes events on a thread of the pool, so that nobody waits for the runner. What is ready together leaves in one
/// write. Its memory is bounded only by a runner that reads.
/// </summary>
internal sealed class Output(Stream stream, TextWriter log)
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _buffer = new(64 << 10);
    private List<IEventSource> _queue = [];
    private List<IEventSource> _taken = [];
    private Task _writing = Task.CompletedTask;
    private bool _closed;

    /// <summary>Queues an event.</summary>
    public void Send(Event @event) => Push(new Single(@event));

    /// <summary>Queues a source.</summary>
    public void Push(IEventSource source)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }
            _queue.Add(source);
            if (_writing.IsCompleted)
            {
                _writing = Task.Run(WriteAll);
            }
        }
    }

    /// <summary>Writes what is queued. What comes later is lost, and so is what a runner does not read in time.</summary>
    public async Task Close()
    {
        Task writing;
        lock (_lock)
        {
            _closed = true;
            writing = _writing;
        }
        if (await Task.WhenAny(writing, Task.Delay(CloseTimeout)) != writing)
        {
            await log.WriteLineAsync("the runner does not read");
        }
    }

    private void WriteAll()
    {
        while (true)
        {
            lock (_lock)
            {
                if (_queue.Count == 0)
                {
                    // Within the lock, so that who comes next finds nobody writing.
                    _writing = Task.CompletedTask;
                    return;
                }
                (_queue, _taken) = (_taken, _queue);
            }
            Encode();
            try
            {
                stream.Write(_buffer.WrittenSpan);
                stream.Flush();
            }
            catch (IOException failure)
            {
                // The end of standard input ends the session.
                log.WriteLine($"cannot write to the runner: {failure.Message}");
                lock (_lock)
                {
                    _closed = true;
                }
                return;
            }
        }
    }

    private void Encode()
    {
        _buffer.ResetWrittenCount();
        foreach (var @event in _taken.SelectMany(source => source.Take()))
        {
            try
            {
                Frames.Write(_buffer, @event);
            }
            catch (FrameException failure)
            {
                log.WriteLine($"event lost: {failure.Message}");
            }
        }
        _taken.Clear();
    }

    private sealed class Single(Event @event) : IEventSource
    {
        public IEnumerable<Event> Take() => [@event];
    }
}
