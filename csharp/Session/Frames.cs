using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;
using Tofusoup.Stock.Session;

namespace Tofusoup.Stock.Implementation;

/// <summary>Standard input is not a stream of frames, or standard output cannot be one. It ends the session.</summary>
public sealed class FrameException(string reason, Exception? cause = null) : Exception(reason, cause);

/// <summary>Frames: 4 bytes of length, big-endian, then a message.</summary>
internal static class Frames
{
    private const int MaxFrameBytes = 16 << 20;
    private const int HeadBytes = 4;

    /// <summary>Reads the next command; null at the end of the input.</summary>
    /// <exception cref="FrameException">The input is no stream of frames.</exception>
    public static Command? Read(Stream input)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        var length = input.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false);
        if (length == 0)
        {
            return null;
        }
        if (length < HeadBytes)
        {
            throw new FrameException("standard input ends within a frame");
        }
        var size = BinaryPrimitives.ReadUInt32BigEndian(head);
        if (size > MaxFrameBytes)
        {
            throw new FrameException($"a frame of {size} bytes; at most {MaxFrameBytes}");
        }
        return ReadBody(input, (int)size);
    }

    /// <summary>Appends a frame.</summary>
    /// <exception cref="FrameException">The event is too large for one.</exception>
    public static void Write(IBufferWriter<byte> output, Event @event)
    {
        var size = @event.CalculateSize();
        if (size > MaxFrameBytes)
        {
            throw new FrameException($"an event of {size} bytes; a frame has at most {MaxFrameBytes}");
        }
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(HeadBytes), size);
        output.Advance(HeadBytes);
        @event.WriteTo(output);
    }

    private static Command ReadBody(Stream input, int size)
    {
        var body = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            input.ReadExactly(body, 0, size);
            return Command.Parser.ParseFrom(body, 0, size);
        }
        catch (EndOfStreamException)
        {
            throw new FrameException("standard input ends within a frame");
        }
        catch (InvalidProtocolBufferException invalid)
        {
            throw new FrameException("a frame does not decode as a Command", invalid);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }
}
