namespace Kipuka.Sdk;

/// <summary>Says more about one key of a settings record than its property's name and type do.</summary>
/// <remarks>
/// <para>Types the host binds: <c>string</c>, <c>bool</c>, <c>int</c>, <c>long</c>, <c>double</c>; <see cref="TimeSpan"/> (<c>"30s"</c>,
/// <c>"1h30m"</c>, <c>"7d"</c> or seconds); <see cref="ByteSize"/> (<c>"1MB"</c> or bytes); <see cref="System.Net.IPEndPoint"/>;
/// <see cref="SettingsPath"/>, <see cref="SettingsFile"/>, <see cref="SecretFile"/>, <see cref="Secret"/>; enumerations (<c>RequiredForReenroll</c> is
/// <c>required_for_reenroll</c>); records of such properties (a sub-table); <c>IReadOnlyList&lt;T&gt;</c> (an array; of files and strings also a
/// single value); and <c>IReadOnlyDictionary&lt;string, T&gt;</c> (a table with free keys). Nullable means optional.</para>
/// <para>In every string <c>${NAME}</c> is replaced by the environment variable; an unset one is a problem.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute : Attribute
{
    /// <summary>
    /// The key, when it is not the property's name in snake case. With a dot it is a path from the root of kipuka.toml: <c>server.listen</c>.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>Other spellings that mean this key, with a dot from the root as well. Giving two of them is a problem.</summary>
    public string[] Aliases { get; init; } = [];

    /// <summary>The smallest value: of a number itself, of a duration in seconds, of a size in bytes, of a text or list its length.</summary>
    public double Min { get; init; } = double.MinValue;

    /// <summary>The largest value, in the units of <see cref="Min"/>.</summary>
    public double Max { get; init; } = double.MaxValue;

    /// <summary>The values that a text may have.</summary>
    public string[] OneOf { get; init; } = [];

    /// <summary>
    /// Keys of one group replace each other together: where a table has one of them, a table that only gives defaults (<c>[hsm]</c> to a
    /// <c>[[ca]]</c>) gives none of the group.
    /// </summary>
    public string? Group { get; init; }
}
