using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Tofusoup.Stock.Session;

namespace Tofusoup.Stock.Implementation;

/// <summary>Collects what a call's library gave until the output writes it: the source of the call's frames.</summary>
internal sealed class Report(uint call, Output output) : IEventSource
{
    /// <summary>
    /// The size of responses at which a frame is full and the next one begins; far below a frame's largest size, as a
    /// frame is full only when a response has filled it.
    /// </summary>
    private const int FrameTarget = 1 << 20;

    private const string DetailsKey = "grpc-status-details-bin";
    private const int NanosecondsPerTick = 100;

    private readonly Lock _lock = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private List<Event> _frames = [];
    private Events? _last;
    private int _bytes;
    private bool _queued;

    /// <summary>Adds what some of a call's results are.</summary>
    public void Add(Grpc.Core.Metadata? headers = null, Response? response = null, Session.Status? status = null)
    {
        lock (_lock)
        {
            if (_last is null)
            {
                _last = new Events { Call = call };
                _bytes = 0;
                _frames.Add(new Event { Events = _last });
            }
            if (headers is not null)
            {
                _last.Headers = Headers.Report(headers);
            }
            if (response is not null)
            {
                _last.Responses.Add(response);
                _bytes += response.CalculateSize();
            }
            if (status is not null)
            {
                _last.Status = status;
            }
            _last.AtNs = Stopwatch.GetElapsedTime(_started).Ticks * NanosecondsPerTick;
            _last = _bytes >= FrameTarget ? null : _last;
            if (_queued)
            {
                return;
            }
            _queued = true;
        }
        output.Push(this);
    }

    /// <inheritdoc/>
    public IEnumerable<Event> Take()
    {
        lock (_lock)
        {
            var frames = _frames;
            (_frames, _last, _queued) = ([], null, false);
            return frames;
        }
    }

    /// <summary>How a call ended, as a session says it.</summary>
    public static Session.Status Status(Grpc.Core.Status status, Grpc.Core.Metadata trailers, int unsent)
    {
        var reported = new Session.Status
        {
            Code = (uint)status.StatusCode,
            Message = status.Detail,
            Trailers = Headers.Report(trailers),
            Unsent = (uint)unsent,
        };
        if (trailers.GetValueBytes(DetailsKey) is { } details)
        {
            reported.Details = ByteString.CopyFrom(details);
        }
        return reported;
    }
}
