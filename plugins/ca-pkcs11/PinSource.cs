using System.Security.Cryptography;
using Kipuka.Sdk;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>Finds the PIN: the environment, then the file, then the configuration. It is read anew for each login and not kept.</summary>
internal sealed class PinSource(ITokenSettings settings)
{
    private const int MaxFile = 4096;

    /// <summary>The key of the configuration that the PIN comes from, for messages; null when there is none.</summary>
    public string? Key => settings switch
    {
        { PinEnv: { } name } => $"pin_env ({name})",
        { PinFile: { } file } => $"pin_file ({file.FullPath})",
        { Pin: not null } => "pin",
        _ => null,
    };

    /// <returns>A copy for the caller to dispose; null when none is configured.</returns>
    /// <exception cref="PinException">One is configured, and cannot be read.</exception>
    public Secret? Read()
    {
        if (settings.PinEnv is { } name)
        {
            return Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
                ? Secret.FromText(value)
                : throw new PinException($"pin_env: the environment variable {name} is not set; set it for the server, or use pin_file");
        }
        if (settings.PinFile is { } file)
        {
            return ReadFile(file.FullPath);
        }
        return settings.Pin is { } pin ? Secret.Copy(pin.Reveal()) : null;
    }

    private static Secret ReadFile(string path)
    {
        var content = GC.AllocateArray<byte>(MaxFile, pinned: true);
        try
        {
            using var file = File.OpenHandle(path);
            var length = RandomAccess.Read(file, content, 0);
            var end = content.AsSpan(0, length).IndexOfAny((byte)'\r', (byte)'\n');
            var line = content.AsSpan(0, end < 0 ? length : end);
            // A part of what stands there would cost the token a try.
            return line.IsEmpty ? throw new PinException($"pin_file: {path} is empty; its first line must be the PIN")
                : line.Length == MaxFile ? throw new PinException($"pin_file: the first line of {path} is longer than {MaxFile - 1} bytes; it must be the PIN")
                : Secret.Copy(line);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new PinException($"pin_file: {path} cannot be read: {fault.Message}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }
}
