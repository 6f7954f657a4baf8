using System.Security.Cryptography.X509Certificates;
using FsCheck;
using FsCheck.Fluent;
using Kipuka.Config;
using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Sdk.Ca;
using static Kipuka.Tests.Policy.PolicySetup;

namespace Kipuka.Tests.Policy;

/// <summary>Any request against any label: nothing but a refusal comes back, or a draft that keeps every rule of the label, judged here once more.</summary>
public class LabelPolicyPropertyTests
{
    private const X509KeyUsageFlags CaOnly = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign;

    // A pattern, and what it means in other words.
    private static readonly Dictionary<string, Func<string, bool>> Patterns = new()
    {
        ["^CN=device-"] = text => text.StartsWith("CN=device-", StringComparison.Ordinal),
        ["^CN=[^,]*$"] = text => text.StartsWith("CN=", StringComparison.Ordinal) && !text.Contains(',', StringComparison.Ordinal),
        ["^OU=Sales,"] = text => text.StartsWith("OU=Sales,", StringComparison.Ordinal),
    };

    private static readonly Gen<LabelConfig> Labels =
        from keys in Wish.Mostly<string[]?>(null, ["ecdsa-p256"], ["rsa-2048", "ecdsa-p384"], ["ecdsa-p521", "ecdsa-p256"])
        from required in Wish.Some(Oids.ServerAuth, Oids.ClientAuth, Oids.CmcRa, "cmcRA", "codeSigning")
        from extra in Wish.Some(Oids.OcspSigning, Oids.CodeSigning, "anyExtendedKeyUsage")
        from days in Gen.Elements<int?>(null, 10, 90, 1000)
        from reject in Wish.Rarely
        from san in Gen.Elements<bool?>(null, false, true)
        from pattern in Wish.Mostly(null, [.. Patterns.Keys])
        from wildcards in Gen.Elements(true, false)
        from cabf in Wish.Rarely
        from strict in Wish.Rarely
        from link in Wish.Rarely
        select Label(label => label with
        {
            AllowedKeyTypes = keys,
            RequiredExtKeyUsage = required,
            AllowedExtKeyUsage = extra,
            MaxValidityDays = days,
            ValidityPolicy = reject ? "reject" : "clamp",
            RequireSan = san,
            SubjectPattern = pattern,
            AllowWildcards = wildcards,
            ProfileRules = cabf ? "cabf" : null,
            Strict = strict,
            LinkIdentity = link ? true : null,
        });

    private static readonly Gen<AuthorityLimits> Authorities =
        from subjects in Wish.Mostly<string[]>([], ["CN=device-*"])
        from usage in Gen.Elements<X509KeyUsageFlags?>(null, X509KeyUsageFlags.DigitalSignature, X509KeyUsageFlags.KeyAgreement | X509KeyUsageFlags.KeyEncipherment)
        from extended in Wish.Some(Oids.ServerAuth, Oids.ClientAuth)
        from days in Gen.Elements(20, 398)
        from left in Gen.Elements(5, 2000)
        from cabf in Wish.Rarely
        select CaLimits with
        {
            AllowedSubjects = subjects, KeyUsage = usage, ExtKeyUsage = extended, MaxValidity = TimeSpan.FromDays(days), Cabf = cabf, IssuerNotAfter = Now.AddDays(left),
        };

    [Fact]
    public void Whatever_is_asked_policy_refuses_with_a_reason_or_grants_what_keeps_the_rules()
    {
        var (granted, refused) = (0, new HashSet<string>());
        Prop.ForAll(Arb.From(from wish in Wish.Any from label in Labels from authority in Authorities select (wish, label, authority)), all =>
        {
            var (wish, label, authority) = all;
            CertificationRequest request;
            try
            {
                request = wish.Request();
            }
            catch (MalformedException unread)
            {
                return refused.Add("malformed") || unread.Message.Length > 0;
            }
            var approval = Approve(request, label, authority);
            if (approval is Approval.Refused { Refusal: var refusal })
            {
                refused.Add(refusal.Code);
                return refusal.Code.Length > 0 && refusal.Detail.Length > 0;
            }
            var answer = Assert.IsType<Approval.Granted>(approval);
            granted++;
            var broken = Broken(answer.Draft, wish, label, authority).ToList();
            Assert.True(broken.Count == 0, string.Join("; ", broken));
            return true;
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(600));
        Assert.True(granted > 50, $"only {granted} were granted");
        Assert.True(refused.Count > 10, $"only these refusals came: {string.Join(", ", refused)}");
    }

    /// <summary>The rules in force here, read off the configuration alone, that a draft does not keep.</summary>
    private static IEnumerable<string> Broken(CertificateDraft draft, Wish wish, LabelConfig label, AuthorityLimits authority)
    {
        var cabf = label.ProfileRules == "cabf" || authority.Cabf;
        var extensions = draft.Extensions.ToDictionary(extension => extension.Oid!.Value!);
        List<string> usages = extensions.TryGetValue(Oids.ExtKeyUsage, out var found)
            ? [.. new X509EnhancedKeyUsageExtension(found, found.Critical).EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>().Select(oid => oid.Value!)]
            : [];
        var usage = new X509KeyUsageExtension(extensions[Oids.KeyUsage], true).KeyUsages;
        List<string> dns = extensions.TryGetValue(Oids.SubjectAltName, out var names)
            ? [.. new X509SubjectAlternativeNameExtension(names.RawData).EnumerateDnsNames()]
            : [];
        var text = (wish.Unit ? "OU=Sales," : "") + (wish.CommonName is null ? "" : $"CN={wish.CommonName.Replace(",", @"\2C", StringComparison.Ordinal)}");
        text = text.TrimEnd(',');
        string[] allowed = [Oids.SubjectKeyIdentifier, Oids.KeyUsage, Oids.BasicConstraints, Oids.SubjectAltName, Oids.ExtKeyUsage];

        if (wish.Ca || (wish.KeyUsage & CaOnly) > 0) yield return "who asks to be a CA is refused";
        if (wish.Key == "rsa-1024") yield return "RSA has 2048 bits";
        if (label.AllowedKeyTypes is { } keys && !keys.Contains(wish.Key)) yield return "allowed_key_types";
        if (!draft.SubjectPublicKeyInfo.Span.SequenceEqual(Spki(wish))) yield return "the key is the request's";
        if (!draft.Serial.Span.SequenceEqual(Stamp.Serial.Span)) yield return "the serial number is the server's";
        if (extensions.Keys.Except(allowed).Any()) yield return "nothing is copied";
        if (new X509BasicConstraintsExtension(extensions[Oids.BasicConstraints], true).CertificateAuthority) yield return "CA:FALSE";
        if ((usage & CaOnly) != 0 || usage == X509KeyUsageFlags.None || !extensions[Oids.KeyUsage].Critical) yield return "a critical key usage, and not that of a CA";
        if (wish.Key.StartsWith("ec", StringComparison.Ordinal) && (usage & (X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DataEncipherment)) != 0) yield return "EC keys encipher nothing";
        if ((label.RequireSan ?? true) && dns.Count == 0) yield return "require_san";
        if (!dns.ToHashSet().SetEquals(wish.Dns ?? [])) yield return "the alternative names are those that were asked";
        if (!label.AllowWildcards && dns.Any(name => name.Contains('*', StringComparison.Ordinal))) yield return "allow_wildcards";
        if (dns.Any(name => name.Contains('!', StringComparison.Ordinal) || name.Contains("..", StringComparison.Ordinal))) yield return "names are names";
        if (text.Length == 0 && dns.Count == 0) yield return "something is named";
        if (text.Any(char.IsControl)) yield return "no control characters";
        if (label.SubjectPattern is { } pattern && !Patterns[pattern](text)) yield return "subject_pattern";
        if (authority.AllowedSubjects.Count > 0 && !text.StartsWith("CN=device-", StringComparison.Ordinal)) yield return "allowed_subjects";
        if (label.LinkIdentity == true && (wish.CommonName ?? "device-1") != "device-1") yield return "link_identity";
        if (label.LinkIdentity == true && dns.Any(name => name != "device-1")) yield return "link_identity of alternative names";
        foreach (var rule in BrokenUsages(usages, wish, label, authority, cabf)) yield return rule;
        foreach (var rule in BrokenTimes(draft, wish, label, authority, cabf)) yield return rule;
        if (cabf && (dns.Count == 0 || wish.Key == "ecdsa-p521" || wish.Unit || dns.Contains("localhost") || dns.Contains("device-1"))) yield return "cabf: key and names";
        if (cabf && wish.CommonName is { } common && !dns.Contains(common)) yield return "cabf: the common name";
        if (label.Strict && (wish.Extension || wish.Usages.Except(usages).Any() || (wish.KeyUsage is { } asked && (asked & ~usage) != 0))) yield return "strict";
    }

    private static IEnumerable<string> BrokenUsages(List<string> usages, Wish wish, LabelConfig label, AuthorityLimits authority, bool cabf)
    {
        string[] reserved = [Oids.OcspSigning, Oids.CmcRa, Oids.CmcCa, Oids.AnyExtendedKeyUsage];
        // A name is not enough for a usage with power over others' certificates.
        var required = label.RequiredExtKeyUsage.Where(name => name != "cmcRA").Select(name => name == "codeSigning" ? Oids.CodeSigning : name).ToList();
        var listed = required.Concat(label.AllowedExtKeyUsage).Concat(authority.ExtKeyUsage).ToList();
        if (required.Except(usages).Any()) yield return "required_ext_key_usage";
        if (usages.Except(listed).Any()) yield return "extended key usages that nobody lists";
        if (usages.Intersect(reserved).Except(listed).Any()) yield return "reserved usages by OID only";
        if (usages.Except(required).Except(authority.ExtKeyUsage).Except(wish.Usages).Any()) yield return "an extended key usage that nobody asked for";
        if (cabf && (!usages.Contains(Oids.ServerAuth) || usages.Except([Oids.ServerAuth, Oids.ClientAuth]).Any())) yield return "cabf: usages";
    }

    private static IEnumerable<string> BrokenTimes(CertificateDraft draft, Wish wish, LabelConfig label, AuthorityLimits authority, bool cabf)
    {
        var life = draft.NotAfter - draft.NotBefore + TimeSpan.FromSeconds(1);
        // PolicySetup.Now is in the year in which 200 days are the most.
        double[] most = [authority.MaxValidity.TotalDays, label.MaxValidityDays ?? 36500, cabf ? 200 : 36500];
        if (life <= TimeSpan.Zero || life.TotalDays > most.Min()) yield return "max_validity_days";
        if (draft.NotAfter > authority.IssuerNotAfter || draft.NotBefore < authority.IssuerNotBefore || draft.NotBefore > Now) yield return "within the issuer's life";
        if (label.ValidityPolicy == "reject" && wish.Days > most.Min()) yield return "validity_policy";
        if (wish.Days is > 0 and var days && life.TotalDays > days) yield return "no longer than asked";
    }

    private static byte[] Spki(Wish wish) => Wish.Keys[wish.Key].ExportSubjectPublicKeyInfo();
}
