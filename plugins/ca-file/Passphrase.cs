using System.Text;
using Kipuka.Sdk;

namespace Kipuka.Plugins.CaFile;

/// <summary>Finds the passphrase: the environment first, then the file. Nobody is ever asked at a prompt (ruling 13).</summary>
internal static class Passphrase
{
    /// <returns>A copy for the caller to dispose; null when neither key is set.</returns>
    public static Secret? Find(FileCaSettings settings)
    {
        if (settings.KeyPassphraseEnv is { } name)
        {
            return Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
                ? Secret.FromText(value)
                : throw new KeyFileException(
                    "key_passphrase_env", $"the environment variable {name} is not set; set it for the server, or use key_passphrase_file");
        }
        if (settings.KeyPassphraseFile is not { } file)
        {
            return null;
        }
        var content = file.Content.Reveal();
        var end = content.IndexOfAny((byte)'\r', (byte)'\n');
        var line = end < 0 ? content : content[..end];
        return line.IsEmpty
            ? throw new KeyFileException("key_passphrase_file", $"{file.Path} is empty; its first line must be the passphrase")
            : Secret.Copy(line);
    }

    /// <summary>Runs with the passphrase as characters, which PKCS#12 wants; they are zeroed afterwards.</summary>
    public static T AsText<T>(Secret passphrase, Func<ReadOnlySpan<char>, T> use)
    {
        var bytes = passphrase.Reveal();
        var text = GC.AllocateArray<char>(Encoding.UTF8.GetMaxCharCount(bytes.Length), pinned: true);
        try
        {
            return use(text.AsSpan(0, Encoding.UTF8.GetChars(bytes, text)));
        }
        finally
        {
            Array.Clear(text);
        }
    }
}
