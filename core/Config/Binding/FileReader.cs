using System.Security.Cryptography;
using Kipuka.Config.Toml;
using Kipuka.Sdk;
using Microsoft.Win32.SafeHandles;

namespace Kipuka.Config.Binding;

/// <summary>Reads values that name files: paths, and files whose bytes belong to the settings.</summary>
internal sealed class FileReader(BindingContext context)
{
    private const int MaxBytes = 4 << 20;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <returns>Whether the type is one of these at all.</returns>
    public static bool Knows(Type type) => type == typeof(SettingsPath) || type == typeof(SettingsFile) || type == typeof(SecretFile);

    public bool Read(Type type, TomlValue value, Site site, out object? result)
    {
        result = null;
        if (value is TomlInteger) return context.WrongType(site, value, "a path");
        if (!context.ReadText(site, value, "a path", out var text)) return false;
        if (WhyNoPath(text) is { } why) return context.Fail("bad-value", site, why);
        var path = Path.GetFullPath(text, context.Document.Folder);
        context.Hash.Add(site.Name, path);
        if (type == typeof(SettingsPath))
        {
            result = new SettingsPath(path);
            return true;
        }

        // A path that came out of the environment may be anything, for example the key itself.
        var shown = value is TomlString { Value: var raw } && raw.Contains("${", StringComparison.Ordinal) ? raw : path;
        var secret = type == typeof(SecretFile);
        if (ReadBytes(path, shown, secret, site) is not { } bytes) return false;
        context.Hash.Add(site.Name, bytes);
        result = secret ? new SecretFile(path, Keep(bytes)) : new SettingsFile(path, bytes);
        return true;
    }

    private Secret Keep(byte[] bytes)
    {
        var secret = Secret.Copy(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        context.Secrets.Add(secret);
        return secret;
    }

    private static string? WhyNoPath(string text) => text switch
    {
        "" => "is empty; name a file",
        _ when text.Contains('\n') || text.Contains("-----BEGIN", StringComparison.Ordinal)
            => "is the content of a file; put that in a file and name the file here",
        _ when text.Contains('\0') => "has a NUL character, which no path has",
        _ => null,
    };

    private byte[]? ReadBytes(string path, string shown, bool secret, Site site)
    {
        try
        {
            if (Directory.Exists(path)) return Refuse("bad-file", $"{shown} is a folder; name a file in it");
            using var file = File.OpenHandle(path);

            // The mode of what was opened, not of what the name means by now.
            if (secret && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0)
            {
                return Refuse("insecure-file", $"{shown} can be read or changed by everybody; run: chmod o= {Quoted(shown)}");
            }

            return ReadAll(file)
                ?? Refuse("bad-file", $"{shown} is larger than 4 MiB, which no key or certificate is; name the right file");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Refuse("missing-file", $"{shown} does not exist; put the file there or name the right one");
        }
        catch (UnauthorizedAccessException)
        {
            return Refuse("bad-file",
                $"{shown} cannot be read by user {Environment.UserName}; grant that user or its group the right to read it");
        }
        catch (Exception e) when (e is IOException or NotSupportedException)
        {
            return Refuse("bad-file", $"{shown} cannot be read ({e.GetType().Name})");
        }

        byte[]? Refuse(string code, string message)
        {
            context.Fail(code, site, message);
            return null;
        }
    }

    // The length that the system tells is only a guess for devices and growing files.
    private static byte[]? ReadAll(SafeFileHandle file)
    {
        var buffer = new byte[(int)Math.Min(RandomAccess.GetLength(file), MaxBytes) + 1];
        try
        {
            var length = 0;
            while (true)
            {
                var read = RandomAccess.Read(file, buffer.AsSpan(length), length);
                if (read == 0) return buffer[..length];
                length += read;
                if (length > MaxBytes) return null;
                if (length < buffer.Length) continue;
                var larger = new byte[MaxBytes + 1];
                buffer.CopyTo(larger, 0);
                CryptographicOperations.ZeroMemory(buffer);
                buffer = larger;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    private static string Quoted(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || "/._-+@".Contains(c)) ? path : $"'{path.Replace("'", "'\\''")}'";
}
