using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Tofusoup.Stock.Implementation;

/// <summary>
/// The library's gzip with two repairs. What does not decompress is INTERNAL, where the library takes it for a fault of
/// the handler. And a message without bytes becomes a gzip of no bytes (RFC 1952): .NET writes nothing at all for it,
/// which others cannot read.
/// </summary>
public sealed class Gzip : ICompressionProvider
{
    private readonly GzipCompressionProvider _gzip = new(CompressionLevel.Fastest);

    /// <inheritdoc/>
    public string EncodingName => _gzip.EncodingName;

    /// <inheritdoc/>
    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        new Compressing(_gzip.CreateCompressionStream(stream, compressionLevel), stream);

    /// <inheritdoc/>
    public Stream CreateDecompressionStream(Stream stream) =>
        new Decompressing(_gzip.CreateDecompressionStream(stream));

    /// <summary>What both directions have in common: nothing but to be a stream.</summary>
    private abstract class OneWay(Stream inner) : Stream
    {
        public override bool CanRead => inner.CanRead;

        public override bool CanSeek => false;

        public override bool CanWrite => inner.CanWrite;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }
            base.Dispose(disposing);
        }
    }

    private sealed class Decompressing(Stream inner) : OneWay(inner)
    {
        private readonly Stream _inner = inner;

        public override int Read(Span<byte> buffer)
        {
            try
            {
                return _inner.Read(buffer);
            }
            catch (InvalidDataException)
            {
                throw new RpcException(new Status(StatusCode.Internal, "the message does not decompress"));
            }
        }
    }

    private sealed class Compressing(Stream inner, Stream output) : OneWay(inner)
    {
        private readonly Stream _inner = inner;
        private bool _written;
        private bool _disposed;

        /// <summary>A header, one block without content, checksum and size.</summary>
        private static ReadOnlySpan<byte> Empty =>
            [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _written |= !buffer.IsEmpty;
            _inner.Write(buffer);
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing && !_disposed && !_written)
            {
                output.Write(Empty);
            }
            _disposed = true;
        }
    }
}
