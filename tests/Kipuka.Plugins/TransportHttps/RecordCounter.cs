using System.Buffers.Binary;

namespace Kipuka.Plugins.Tests.TransportHttps;

/// <summary>Notes the sizes of the TLS application records that the server sends.</summary>
internal sealed class RecordCounter(Stream inner) : Stream
{
    private readonly List<byte> pending = [];

    public List<int> Sizes { get; } = [];

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        pending.AddRange(buffer.Span[..read]);
        while (pending.Count >= 5)
        {
            var size = BinaryPrimitives.ReadUInt16BigEndian([pending[3], pending[4]]);
            if (pending.Count < 5 + size)
            {
                break;
            }
            if (pending[0] == 23)
            {
                Sizes.Add(size);
            }
            pending.RemoveRange(0, 5 + size);
        }
        return read;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => inner.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

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
