using Kipuka.Sdk;

namespace Kipuka.Plugins.AuthGssapi;

/// <summary>What has to be right about the service's own name, its keytab and the realms.</summary>
internal static class ServiceRules
{
    private const int MostNamed = 8;

    public static IEnumerable<SettingsProblem> Problems(GssapiSettings settings)
    {
        if (settings.ServicePrincipal is not { } principal)
        {
            yield return new SettingsProblem("service_principal", "Name the service as the KDC knows it: \"HTTP/host@REALM\".");
        }
        else if (!PrincipalText.IsWhole(principal))
        {
            yield return new SettingsProblem("service_principal", $"{principal} is no principal with a realm; write \"HTTP/host@REALM\".");
        }
        else
        {
            if (!principal.StartsWith("HTTP/", StringComparison.Ordinal))
            {
                yield return new SettingsProblem("service_principal", $"HTTP clients ask for a ticket to HTTP/host, not to {principal}.") { IsWarning = true };
            }
            if (settings.Keytab is { } keytab && KeytabProblem(keytab, principal) is { } problem)
            {
                yield return problem;
            }
        }
        if (settings.Keytab is null)
        {
            yield return new SettingsProblem("keytab", "Name the keytab with the service's key, as kadmin ktadd or ipa-getkeytab write it.");
        }
        foreach (var realm in (settings.AllowedRealms ?? []).Where(realm => realm.Length == 0 || realm.Contains('@')))
        {
            yield return new SettingsProblem("allowed_realms", $"\"{realm}\" is no realm; write it as \"EXAMPLE.COM\".");
        }
    }

    private static SettingsProblem? KeytabProblem(SecretFile file, string principal)
    {
        try
        {
            var found = Keytab.Principals(file.Content.Reveal());
            return found.Contains(principal) ? null : new SettingsProblem(
                "service_principal",
                $"The keytab {file} has no key for {principal}; it has {(found.Count == 0 ? "none at all" : string.Join(", ", found.Take(MostNamed)))}.");
        }
        catch (FormatException fault)
        {
            return new SettingsProblem("keytab", $"{file} {fault.Message}");
        }
    }
}
