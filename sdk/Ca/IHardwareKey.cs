namespace Kipuka.Sdk.Ca;

/// <summary>A CA that can tell where its key is. Optional; operators see it at <c>/admin/ca/{id}</c>.</summary>
public interface IHardwareKey
{
    /// <summary>Where the key is, as the configuration names it. Known also while the device is away. Never a secret.</summary>
    HardwareKeyLocation Location { get; }
}
