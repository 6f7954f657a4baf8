using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kipuka.Admin;

/// <summary>Reads a string, or a whole number as its digits: scripts write revocation reasons both ways.</summary>
internal sealed class TextOrNumber : JsonConverter<string?>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number => reader.GetInt32().ToString(CultureInfo.InvariantCulture),
        JsonTokenType.String => reader.GetString(),
        _ => throw new JsonException(),
    };

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
