using System.Buffers;
using System.Text.Json;

namespace Kipuka.Sdk;

internal static class SdkJson
{
    // Written by hand: serialisation by reflection keeps a plugin's load context alive for ever.
    public static JsonElement Error(string error, string message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("error", error);
            json.WriteString("message", message);
            json.WriteEndObject();
        }
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }
}
