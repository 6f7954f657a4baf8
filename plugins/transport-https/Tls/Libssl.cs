using System.Net.Security;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Kipuka.Plugins.TransportHttps.Tls;

/// <summary>The few things of the libssl below <see cref="SslStream"/> that .NET does not show.</summary>
/// <remarks>
/// .NET and these imports load <c>libssl.so.3</c> by the same name, so it is one library with one set of objects. Everything begins with
/// <see cref="IsUsable"/>, and the start-up rehearsal proves it (<see cref="TlsRehearsal"/>); when it fails, nothing here is called again.
/// </remarks>
internal static class Libssl
{
    private const int SslCtrlSessionsAccepted = 24;

    private static readonly FieldInfo? Handle = typeof(SslStream).GetField("_securityContext", BindingFlags.Instance | BindingFlags.NonPublic);

    public static bool IsUsable => Handle is not null && SafeEvpPKeyHandle.OpenSslVersion >> 28 == 3;

    /// <summary>RFC 5705 keying material; false when the connection has none.</summary>
    public static bool Export(SslStream stream, ReadOnlySpan<byte> label, Span<byte> result)
    {
        using var ssl = new Lease(stream);
        return SSL_export_keying_material(
            ssl.Pointer, ref MemoryMarshal.GetReference(result), (nuint)result.Length, in MemoryMarshal.GetReference(label), (nuint)label.Length, 0, 0, 0) == 1;
    }

    /// <summary>The SSL_CTX of a connection: equal pointers mean shared sessions and shared cipher suites.</summary>
    public static nint ContextOf(SslStream stream)
    {
        using var ssl = new Lease(stream);
        return SSL_get_SSL_CTX(ssl.Pointer);
    }

    /// <summary>How many handshakes were begun with a context.</summary>
    public static long Accepted(nint context) => SSL_CTX_ctrl(context, SslCtrlSessionsAccepted, 0, 0);

    /// <summary>Sets the suites of a context. Nobody else may be using it: OpenSSL reads the list without a lock.</summary>
    public static bool SetSuites(nint context, IEnumerable<TlsCipherSuite> suites)
    {
        var older = new List<string>();
        var tls13 = new List<string>();
        foreach (var suite in suites)
        {
            if (Name(suite) is { } name)
            {
                (CipherSuites.IsTls13(suite) ? tls13 : older).Add(name);
            }
        }
        // An empty list for TLS 1.2 is an error to OpenSSL; then the version itself is not enabled.
        return SSL_CTX_set_ciphersuites(context, string.Join(':', tls13)) == 1
            && (older.Count == 0 || SSL_CTX_set_cipher_list(context, string.Join(':', older)) == 1);
    }

    /// <summary>The suites that a context may negotiate in the enabled versions.</summary>
    public static HashSet<TlsCipherSuite> GetSuites(nint context)
    {
        var stack = SSL_CTX_get_ciphers(context);
        var suites = new HashSet<TlsCipherSuite>();
        for (var i = 0; i < OPENSSL_sk_num(stack); i++)
        {
            suites.Add((TlsCipherSuite)SSL_CIPHER_get_protocol_id(OPENSSL_sk_value(stack, i)));
        }
        return suites;
    }

    /// <summary>Whether this OpenSSL can do a suite at all.</summary>
    public static bool Knows(TlsCipherSuite suite) => Name(suite) is not null;

    private static string? Name(TlsCipherSuite suite)
        => Marshal.PtrToStringUTF8(OPENSSL_cipher_name(suite.ToString())) is { } name && name != "(NONE)" ? name : null;

    /// <summary>Keeps the native object alive while it is used.</summary>
    private readonly ref struct Lease
    {
        private readonly SafeHandle handle;

        public Lease(SslStream stream)
        {
            handle = Handle?.GetValue(stream) as SafeHandle ?? throw new InvalidOperationException("SslStream holds no OpenSSL handle");
            var added = false;
            handle.DangerousAddRef(ref added);
        }

        public nint Pointer => handle.DangerousGetHandle();

        public void Dispose() => handle.DangerousRelease();
    }

    [DllImport("libssl.so.3")]
    private static extern int SSL_export_keying_material(
        nint ssl, ref byte output, nuint outputLength, in byte label, nuint labelLength, nint context, nuint contextLength, int useContext);

    [DllImport("libssl.so.3")]
    private static extern nint SSL_get_SSL_CTX(nint ssl);

    [DllImport("libssl.so.3")]
    private static extern long SSL_CTX_ctrl(nint context, int command, long number, nint pointer);

    [DllImport("libssl.so.3", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int SSL_CTX_set_cipher_list(nint context, string names);

    [DllImport("libssl.so.3", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int SSL_CTX_set_ciphersuites(nint context, string names);

    [DllImport("libssl.so.3")]
    private static extern nint SSL_CTX_get_ciphers(nint context);

    [DllImport("libssl.so.3")]
    private static extern ushort SSL_CIPHER_get_protocol_id(nint cipher);

    [DllImport("libssl.so.3", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern nint OPENSSL_cipher_name(string iana);

    [DllImport("libcrypto.so.3")]
    private static extern int OPENSSL_sk_num(nint stack);

    [DllImport("libcrypto.so.3")]
    private static extern nint OPENSSL_sk_value(nint stack, int index);
}
