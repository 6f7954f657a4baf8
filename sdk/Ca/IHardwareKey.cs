namespace Kipuka.Sdk.Ca;

/// <summary>A CA that can tell where its key is. Optional; operators see it at <c>/admin/ca/{id}</c>.</summary>
public interface IHardwareKey
{
    /// <summary>Where the key is: as it was found last, or else as the configuration names it. Known also while the device is away; never a secret. Does not wait.</summary>
    HardwareKeyLocation Location { get; }
}
