using System.Globalization;
using System.Net;
using Kipuka.Config.Toml;
using Kipuka.Sdk;

namespace Kipuka.Config.Binding;

/// <summary>Reads single values that need no file: texts, numbers, durations, sizes, addresses, names of an enumeration.</summary>
internal sealed class ScalarReader(BindingContext context)
{
    /// <returns>Whether the type is one of these at all.</returns>
    public static bool Knows(Type type) =>
        type.IsEnum || type == typeof(string) || type == typeof(bool)
        || type == typeof(int) || type == typeof(long) || type == typeof(double)
        || type == typeof(TimeSpan) || type == typeof(ByteSize) || type == typeof(IPEndPoint) || type == typeof(Secret);

    public bool Read(Type type, TomlValue value, Site site, out object? result)
    {
        result = type switch
        {
            _ when type == typeof(string) => Text(value, site),
            _ when type == typeof(Secret) => SecretText(value, site),
            _ when type == typeof(bool) => Boolean(value, site),
            _ when type == typeof(int) => Integer(value, site, int.MinValue, int.MaxValue) is { } number ? (int)number : null,
            _ when type == typeof(long) => Integer(value, site, long.MinValue, long.MaxValue),
            _ when type == typeof(double) => Number(value, site),
            _ when type == typeof(TimeSpan) => Duration(value, site),
            _ when type == typeof(ByteSize) => Size(value, site),
            _ when type == typeof(IPEndPoint) => EndPoint(value, site),
            _ => Name(type, value, site),
        };
        if (result is not null and not Secret) context.Hash.Add(site.Name, Convert.ToString(result, CultureInfo.InvariantCulture)!);
        return result is not null;
    }

    private string? Text(TomlValue value, Site site)
    {
        if (!context.ReadText(site, value, "a string", out var text)) return null;
        var wrong = Bounds.CheckOneOf(site.Rules.OneOf, text)
            ?? Bounds.Check(site.Rules, text.Length, n => $"{Bounds.Number(n)} characters");
        return Accept(wrong, site) ? text : null;
    }

    private Secret? SecretText(TomlValue value, Site site)
    {
        if (!context.ReadText(site, value, "a string", out var text)) return null;
        if (!Accept(Bounds.Check(site.Rules, text.Length, n => $"{Bounds.Number(n)} characters"), site)) return null;
        var secret = Secret.FromText(text);
        context.Secrets.Add(secret);
        context.Hash.Add(site.Name, secret.Reveal());
        return secret;
    }

    private bool? Boolean(TomlValue value, Site site)
    {
        if (value is TomlBoolean boolean) return boolean.Value;
        context.WrongType(site, value, "true or false");
        return null;
    }

    private long? Integer(TomlValue value, Site site, long least, long most)
    {
        if (value is not TomlInteger integer)
        {
            context.WrongType(site, value, "an integer");
            return null;
        }

        var wrong = Bounds.Check(site.Rules, integer.Value, Bounds.Number)
            ?? (integer.Value < least || integer.Value > most ? $"must be from {least} to {most}" : null);
        return Accept(wrong, site) ? integer.Value : null;
    }

    private double? Number(TomlValue value, Site site)
    {
        double? number = value switch { TomlFloat f => f.Value, TomlInteger i => i.Value, _ => null };
        if (number is not { } found)
        {
            context.WrongType(site, value, "a number");
            return null;
        }

        var wrong = double.IsFinite(found) ? Bounds.Check(site.Rules, found, Bounds.Number) : "must be a finite number";
        return Accept(wrong, site) ? found : null;
    }

    private TimeSpan? Duration(TomlValue value, Site site)
    {
        const string Expected = "a duration such as \"30s\", \"15m\", \"1h30m\" or \"7d\", or a number of seconds";
        TimeSpan duration;
        if (value is TomlInteger seconds)
        {
            if (!Durations.TryFromSeconds(seconds.Value, out duration))
            {
                return Refuse<TimeSpan>("is not a number of seconds that time has", site);
            }
        }
        else if (!context.ReadText(site, value, Expected, out var text))
        {
            return null;
        }
        else if (!Durations.TryParse(text, out duration))
        {
            return Refuse<TimeSpan>($"must be {Expected}", site);
        }

        return Accept(Bounds.Check(site.Rules, duration.TotalSeconds, Bounds.Duration), site) ? duration : null;
    }

    private ByteSize? Size(TomlValue value, Site site)
    {
        const string Expected = "a size such as \"512B\", \"64KB\", \"1MB\" or \"2GB\", or a number of bytes";
        ByteSize size;
        if (value is TomlInteger bytes)
        {
            if (bytes.Value < 0) return Refuse<ByteSize>("must not be negative", site);
            size = new ByteSize(bytes.Value);
        }
        else if (!context.ReadText(site, value, Expected, out var text))
        {
            return null;
        }
        else if (!Sizes.TryParse(text, out size))
        {
            return Refuse<ByteSize>($"must be {Expected}", site);
        }

        return Accept(Bounds.Check(site.Rules, size.Bytes, Bounds.Size), site) ? size : null;
    }

    private IPEndPoint? EndPoint(TomlValue value, Site site)
    {
        const string Expected = "an address and port such as \"0.0.0.0:8443\"";
        if (value is TomlInteger) context.WrongType(site, value, Expected);
        else if (context.ReadText(site, value, Expected, out var text))
        {
            if (EndPoints.TryParse(text, out var endPoint, out var problem)) return endPoint;
            context.Fail("bad-value", site, problem);
        }

        return null;
    }

    private object? Name(Type type, TomlValue value, Site site)
    {
        if (!context.ReadText(site, value, "a string", out var text)) return null;
        var names = Enum.GetNames(type);
        var written = Array.ConvertAll(names, SettingProperty.SnakeCase);
        return Accept(Bounds.CheckOneOf(written, text), site) ? Enum.Parse(type, names[Array.IndexOf(written, text)]) : null;
    }

    private T? Refuse<T>(string wrong, Site site)
        where T : struct
    {
        context.Fail("bad-value", site, wrong);
        return null;
    }

    private bool Accept(string? wrong, Site site) => wrong is null || context.Fail("bad-value", site, wrong);
}
