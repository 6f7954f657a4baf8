using Microsoft.AspNetCore.Routing;

namespace Kipuka.Admin;

/// <summary>The endpoints of one concern. Every implementation is found and mapped.</summary>
internal interface IAdminEndpoints
{
    /// <param name="admin">Routes below <c>/admin</c>.</param>
    void Map(IEndpointRouteBuilder admin);
}
