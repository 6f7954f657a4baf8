using Kipuka.Config;

namespace Kipuka.Catalog;

/// <summary>One instance that a document asks for.</summary>
/// <param name="Id">The instance's id.</param>
/// <param name="Plugin">The plugin that makes it.</param>
/// <param name="Own">Where its settings are looked for, in this order.</param>
/// <param name="Place">The path that problems of the whole instance are shown at.</param>
internal sealed record PluginSelection(string Id, PluginDescription Plugin, IReadOnlyList<OwnTable> Own, string Place);
