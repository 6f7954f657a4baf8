using Kipuka.Sdk;

namespace Kipuka.Store;

/// <summary>A plugin's write that commits together with the ledger.</summary>
/// <param name="Instance">Whose keys.</param>
/// <param name="Write">The write.</param>
internal sealed record PluginWrite(string Instance, StoreWrite Write);
