using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Authentication.ExtendedProtection;

namespace Kipuka.Plugins.TransportHttps.Tls;

/// <summary>The value that ties a request to its connection: tls-unique (RFC 5929) in TLS 1.2, tls-exporter (RFC 9266) in TLS 1.3.</summary>
internal static class ChannelBinding
{
    public const int ExporterLength = 32;

    // .NET puts a SEC_CHANNEL_BINDINGS header before the value.
    private const int HeaderLength = 32;

    public static ReadOnlySpan<byte> ExporterLabel => "EXPORTER-Channel-Binding"u8;

    private static ReadOnlySpan<byte> UniquePrefix => "tls-unique:"u8;

    /// <summary>Empty when the connection has none.</summary>
    public static ReadOnlyMemory<byte> Of(SslStream stream, bool isTls13, bool hasExporter)
    {
        // In TLS 1.3 Unique also returns something, which is not unique to the connection in the way RFC 5929 needs.
        if (!isTls13)
        {
            return Unique(stream);
        }
        var value = new byte[ExporterLength];
        return hasExporter && Libssl.Export(stream, ExporterLabel, value) ? value : default;
    }

    private static ReadOnlyMemory<byte> Unique(SslStream stream)
    {
        using var token = stream.TransportContext.GetChannelBinding(ChannelBindingKind.Unique);
        if (token is null || token.Size <= HeaderLength + UniquePrefix.Length)
        {
            return default;
        }
        var bytes = new byte[token.Size];
        Marshal.Copy(token.DangerousGetHandle(), bytes, 0, bytes.Length);
        return bytes.AsSpan(HeaderLength).StartsWith(UniquePrefix) ? bytes.AsMemory(HeaderLength + UniquePrefix.Length) : default;
    }
}
