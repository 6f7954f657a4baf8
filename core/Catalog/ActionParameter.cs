namespace Kipuka.Catalog;

/// <summary>A parameter of an admin action and what it is, for help texts.</summary>
internal sealed record ActionParameter(string Name, string Help);
