using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace Kipuka.Plugins.AuthOtp;

/// <summary>The JSON that administrators see.</summary>
internal static class TokenJson
{
    /// <summary>The answer to the creation: the only place where the token's text ever appears.</summary>
    public static JsonElement Created(Token token, ReadOnlySpan<byte> text, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        try
        {
            using (var json = new Utf8JsonWriter(buffer))
            {
                Write(json, token, text, now);
            }
            return Parse(buffer);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsMemory(buffer.WrittenMemory).Span);
        }
    }

    public static JsonElement List(IEnumerable<Token> tokens, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var token in tokens)
            {
                Write(json, token, [], now);
            }
            json.WriteEndArray();
        }
        return Parse(buffer);
    }

    // The book names most things twice; clients of either chapter find what they look for.
    private static void Write(Utf8JsonWriter json, Token token, ReadOnlySpan<byte> text, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("id", token.Id);
        json.WriteString("token_id", token.Id);
        if (!text.IsEmpty)
        {
            json.WriteString("token", text);
            json.WriteString("otp", text);
        }
        json.WriteString("entity_id", token.Entity);
        json.WriteString("client_id", token.ClientId);
        json.WriteString("label", token.Label);
        json.WriteString("created_at", Text(token.Created));
        json.WriteString("created", Text(token.Created));
        json.WriteString("expires_at", Text(token.Expires));
        json.WriteString("expires", Text(token.Expires));
        json.WriteNumber("max_uses", token.MaxUses);
        json.WriteNumber("remaining_uses", token.Remaining(now));
        json.WriteNumber("usage_count", token.Used(now));
        json.WriteEndObject();
    }

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static JsonElement Parse(ArrayBufferWriter<byte> buffer)
    {
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }
}
