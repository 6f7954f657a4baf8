using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kipuka.Cli;

/// <summary>Prints JSON for scripts, indented so that people can read it too.</summary>
internal static class JsonText
{
    // For a terminal and for files, never for a page: no need to escape what only HTML would misread.
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(TextWriter output, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }
        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }
}
