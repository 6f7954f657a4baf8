namespace Kipuka.Tests.Catalog;

/// <summary>What an emitted assembly declares of one plugin.</summary>
internal sealed record Declaration(string Kind, string Name)
{
    public string[] Tables { get; init; } = [];

    public string[] ImpliedBy { get; init; } = [];

    /// <summary>Whether the class can be made.</summary>
    public bool IsPublic { get; init; } = true;

    /// <summary>Method, path and command of an admin action; null for none.</summary>
    public (string Method, string Path, string Command)? Action { get; init; }

    /// <summary>Where the action stands too.</summary>
    public string[] AlsoAt { get; init; } = [];

    /// <summary>What the action takes labels in.</summary>
    public string[] LabelParameters { get; init; } = [];

    /// <summary>The words and an option of a command of its own; null for none.</summary>
    public (string Words, string Option)? Command { get; init; }
}
