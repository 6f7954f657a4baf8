namespace Kipuka.Plugins.TransportHttps.Http;

/// <summary>The paths that the admin application answers.</summary>
internal static class AdminPath
{
    private static readonly string[] Roots = ["/admin", "/console", "/health/ca"];

    public static bool Owns(ReadOnlySpan<char> path)
    {
        foreach (var root in Roots)
        {
            if (path.StartsWith(root, StringComparison.Ordinal) && (path.Length == root.Length || path[root.Length] == '/'))
            {
                return true;
            }
        }
        return false;
    }
}
