using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Kipuka.Plugins.TransportHttps.Http;

/// <summary>A request's body in a pooled buffer. It grows with what arrives, never with what a client announces.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstBuffer = 4096;

    private byte[] buffer;

    private RequestBody(int status) => (buffer, Status) = ([], status);

    /// <summary>0, or the status to refuse with: 400, 408 or 413.</summary>
    public int Status { get; }

    public int Length { get; private set; }

    /// <summary>The bytes; the decoder works in place.</summary>
    public Span<byte> Bytes => buffer.AsSpan(0, Length);

    /// <summary>Reads to the end. Time and size are limited by the server's own limits, which this turns into a status.</summary>
    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request, long limit)
    {
        var body = new RequestBody(0);
        try
        {
            var reader = request.BodyReader;
            while (true)
            {
                var result = await reader.ReadAsync();
                if (body.Length + result.Buffer.Length > limit)
                {
                    reader.AdvanceTo(result.Buffer.End);
                    body.Dispose();
                    return new(StatusCodes.Status413PayloadTooLarge);
                }
                body.Append(result.Buffer);
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    return body;
                }
            }
        }
        catch (BadHttpRequestException refused)
        {
            body.Dispose();
            return new(refused.StatusCode);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        (buffer, Length) = ([], 0);
    }

    private void Append(ReadOnlySequence<byte> more)
    {
        var length = Length + (int)more.Length;
        if (length > buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBuffer, Math.Max(length, buffer.Length * 2)));
            Bytes.CopyTo(larger);
            var kept = Length;
            Dispose();
            (buffer, Length) = (larger, kept);
        }
        more.CopyTo(buffer.AsSpan(Length));
        Length = length;
    }
}
