namespace Kipuka.Admin;

/// <summary>Marks an endpoint that answers without a credential.</summary>
internal sealed class OpenDoor;
