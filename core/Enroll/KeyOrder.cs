using Kipuka.Ca;
using Kipuka.Sdk;

namespace Kipuka.Enroll;

/// <summary>For whom a key is made, and the CA that will certify it.</summary>
internal sealed record KeyOrder(GuardedAuthority Authority, Guid Transaction, Identity Requester);
