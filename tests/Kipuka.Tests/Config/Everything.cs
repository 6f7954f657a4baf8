using System.Net;
using Kipuka.Sdk;

namespace Kipuka.Tests.Config;

public enum Mode
{
    Optional,
    RequiredForReenroll,
}

/// <summary>Every type that a settings record may have.</summary>
public sealed record Everything
{
    [Setting(Min = 2, Max = 4)]
    public string? Text { get; init; }

    [Setting(OneOf = ["auto", "0", "64"])]
    public string Choice { get; init; } = "auto";

    public bool Flag { get; init; }

    [Setting(Group = "pair")]
    public string? First { get; init; }

    [Setting(Group = "pair")]
    public string? Second { get; init; }

    [Setting(Min = 16, Max = 64)]
    public int Number { get; init; } = 20;

    public long? Large { get; init; }

    public double Ratio { get; init; }

    [Setting(Min = 1, Max = 86400)]
    public TimeSpan Time { get; init; }

    [Setting(Max = 1 << 20)]
    public ByteSize Size { get; init; }

    public IPEndPoint? Listen { get; init; }

    public SettingsPath? Place { get; init; }

    public SettingsFile? File { get; init; }

    public SecretFile? KeyFile { get; init; }

    public Secret? Pin { get; init; }

    [Setting(Aliases = ["mode_of_work"])]
    public Mode Mode { get; init; }

    [Setting(Max = 2)]
    public IReadOnlyList<string> Names { get; init; } = [];

    public IReadOnlyList<SettingsFile>? Anchors { get; init; }

    public IReadOnlyList<int> Numbers { get; init; } = [];

    public IReadOnlyDictionary<string, string> Mapping { get; init; } = new Dictionary<string, string>();

    public Inner Inner { get; init; } = new() { Id = "default" };

    [Setting(Key = "item")]
    public IReadOnlyList<Inner> Items { get; init; } = [];

    [Setting(Key = "server.body", Aliases = ["legacy.body"])]
    public int Body { get; init; } = 1;

    public int Computed => Number * 2;
}

public sealed record Inner
{
    public required string Id { get; init; }

    public int Size { get; init; } = 7;
}
