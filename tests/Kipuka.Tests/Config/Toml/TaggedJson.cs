using System.Globalization;
using System.Text.Json;
using Kipuka.Config.Toml;

namespace Kipuka.Tests.Config.Toml;

/// <summary>Compares what was read with toml-test's JSON, in which each scalar is <c>{"type": "integer", "value": "1"}</c>.</summary>
internal static class TaggedJson
{
    public static void AssertEqual(JsonElement expected, TomlValue actual, string path)
    {
        if (expected.ValueKind == JsonValueKind.Array)
        {
            var items = Assert.IsType<TomlArray>(actual).Items;
            Assert.Equal(expected.GetArrayLength(), items.Count);
            for (var i = 0; i < items.Count; i++)
            {
                AssertEqual(expected[i], items[i], $"{path}[{i}]");
            }
        }
        else if (IsScalar(expected))
        {
            Assert.Equal((path, Scalar(expected)), (path, Content(actual)));
        }
        else
        {
            var table = Assert.IsType<TomlTable>(actual);
            Assert.Equal(
                expected.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal),
                table.Entries.Select(e => e.Key).Order(StringComparer.Ordinal));
            foreach (var entry in table.Entries)
            {
                AssertEqual(expected.GetProperty(entry.Key), entry.Value, $"{path}.{entry.Key}");
            }
        }
    }

    private static bool IsScalar(JsonElement element)
        => element.EnumerateObject().Count() == 2
        && element.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && element.TryGetProperty("value", out _);

    private static object Scalar(JsonElement tagged)
    {
        var text = tagged.GetProperty("value").GetString()!;
        var culture = CultureInfo.InvariantCulture;
        return tagged.GetProperty("type").GetString() switch
        {
            "string" => text,
            "integer" => long.Parse(text, culture),
            "float" => text switch
            {
                "nan" => double.NaN,
                "inf" or "+inf" => double.PositiveInfinity,
                "-inf" => double.NegativeInfinity,
                _ => double.Parse(text, culture),
            },
            "bool" => bool.Parse(text),
            "datetime" => DateTimeOffset.Parse(text, culture, DateTimeStyles.AssumeUniversal),
            "datetime-local" => DateTime.Parse(text, culture),
            "date-local" => DateOnly.Parse(text, culture),
            "time-local" => TimeOnly.Parse(text, culture),
            var type => throw new InvalidDataException($"toml-test has no type {type}"),
        };
    }

    private static object Content(TomlValue value) => value switch
    {
        TomlString v => v.Value,
        TomlInteger v => v.Value,
        TomlFloat v => v.Value,
        TomlBoolean v => v.Value,
        TomlOffsetDateTime v => v.Value,
        TomlLocalDateTime v => v.Value,
        TomlLocalDate v => v.Value,
        TomlLocalTime v => v.Value,
        _ => value,
    };
}
