using Kipuka.Sdk;

namespace Kipuka.Plugins.Tests.Fakes;

/// <summary>One call of the host's audit.</summary>
public sealed record AuditRecord(string Name, bool Success, Identity? Actor, IReadOnlyDictionary<string, string> Fields);
