namespace Kipuka.Plugins.HaStandard;

/// <summary>The strategies have no keys of their own; weights come with the members.</summary>
public sealed record NoSettings;
