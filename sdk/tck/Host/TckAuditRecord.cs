namespace Kipuka.Sdk.Tck;

/// <summary>A call of <see cref="IPluginHost.AuditAsync"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Success">Its outcome.</param>
/// <param name="Actor">Who caused it.</param>
/// <param name="Fields">Its details.</param>
public sealed record TckAuditRecord(string Name, bool Success, Identity? Actor, IReadOnlyDictionary<string, string> Fields);
