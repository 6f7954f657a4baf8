using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk;
using Kipuka.Sdk.Ca;

[assembly: KipukaPlugin("ca", "scripted", typeof(Kipuka.TestPlugins.ScriptedAuthorityPlugin))]

namespace Kipuka.TestPlugins;

/// <summary>
/// A CA that works, or does not, as a file says at each call: <c>issue</c>, <c>pending</c>, <c>refuse</c>, <c>down</c> (nothing issued), <c>drop</c> (issued, and the
/// answer lost), <c>wait</c> (until it says something else), <c>hang</c>, <c>wrong</c> (another certificate than was asked for), <c>forged</c> (signed by another key),
/// <c>slow N</c> (everything takes N milliseconds), <c>gone</c> (not even its certificates are known), <c>deaf</c> (a revocation hangs, whatever is
/// cancelled). What it was asked for stands in a second file.
/// </summary>
public sealed class ScriptedAuthorityPlugin : Plugin<ICertificateAuthority, ScriptedSettings>
{
    public override ValueTask<ICertificateAuthority> StartAsync(ScriptedSettings settings, IPluginHost host, CancellationToken cancel)
    {
        var certificates = settings.LoadCertificates();
        var key = ECDsa.Create();
        key.ImportFromPem(System.Text.Encoding.UTF8.GetString(settings.Key.Content.Reveal()));
        return new(new ScriptedAuthority(certificates, settings.LoadScheme(certificates.Issuer), key, settings));
    }
}

public sealed record ScriptedSettings : SigningAuthoritySettings
{
    public required SecretFile Key { get; init; }

    public required SettingsPath Script { get; init; }

    public required SettingsPath Asked { get; init; }
}

internal sealed class ScriptedAuthority(AuthorityCertificates certificates, SignatureScheme scheme, ECDsa key, ScriptedSettings settings)
    : ICertificateAuthority, IPendingIssuance, IHealthProbe, IRevocation
{
    private readonly Signer signer = new(certificates, scheme, key);
    private readonly Dictionary<Guid, IssueResult> issued = [];
    private readonly Lock gate = new();

    public ValueTask<AuthorityCertificates> GetCertificatesAsync(CancellationToken cancel)
        => Word() == "gone" ? throw new AuthorityUnavailableException("the script says gone", mayHaveIssued: false) : new(certificates);

    public ValueTask<IssueResult> IssueAsync(CertificateDraft draft, CancellationToken cancel) => AnswerAsync("issue", draft, cancel);

    public ValueTask<IssueResult> ResumeAsync(string ticket, CertificateDraft draft, CancellationToken cancel)
        => ticket == $"ticket-{draft.Transaction}" ? AnswerAsync("resume", draft, cancel) : throw new InvalidOperationException("That is not the ticket.");

    public ValueTask AbandonAsync(string ticket, string reason, CancellationToken cancel)
    {
        Note($"abandon {ticket}");
        return default;
    }

    // What it is revoked for stands in the second file as soon as it is: like a CRL.
    public async ValueTask RevokeAsync(ReadOnlyMemory<byte> serial, X509RevocationReason reason, CancellationToken cancel)
    {
        var word = Word();
        var what = $"{Convert.ToHexStringLower(serial.Span)} {reason}";
        Note($"told {word} {what}");
        switch (word)
        {
            case "down":
                throw new AuthorityUnavailableException("the script says down", mayHaveIssued: false);
            case "refuse":
                throw new InvalidOperationException("the script says no");
            case "deaf":
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
                break;
            default:
                await PauseAsync(word, cancel);
                break;
        }
        Note($"revoked {what}");
    }

    public async ValueTask ProbeAsync(CancellationToken cancel)
    {
        var word = Word();
        await SlowAsync(word, cancel);
        if (word is "down" or "gone")
        {
            throw new AuthorityUnavailableException("the script says down", mayHaveIssued: false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await signer.DisposeAsync();
        key.Dispose();
    }

    private async ValueTask<IssueResult> AnswerAsync(string call, CertificateDraft draft, CancellationToken cancel)
    {
        var word = Word();
        Note($"{call} {word} {draft.Transaction} {Convert.ToHexStringLower(draft.Serial.Span)}");
        switch (word)
        {
            case "pending":
                return new IssueResult.Pending($"ticket-{draft.Transaction}", TimeSpan.FromSeconds(7));
            case "refuse":
                return new IssueResult.Refused("the script says no");
            case "down" or "gone":
                throw new AuthorityUnavailableException($"the script says {word}", mayHaveIssued: false);
            case "drop":
                await SignOnceAsync(draft, cancel);
                throw new AuthorityUnavailableException("the connection broke", mayHaveIssued: true);
            case "wrong":
                return await signer.IssueAsync(draft with { NotAfter = draft.NotAfter.AddDays(1) }, cancel);
            case "forged":
                using (var other = ECDsa.Create(ECCurve.NamedCurves.nistP256))
                {
                    return await new Signer(certificates, scheme, other).IssueAsync(draft, cancel);
                }
            default:
                await PauseAsync(word, cancel);
                break;
        }
        return await SignOnceAsync(draft, cancel);
    }

    private async Task PauseAsync(string word, CancellationToken cancel)
    {
        while (word == "wait" && Word() == "wait")
        {
            await Task.Delay(20, cancel);
        }
        if (word == "hang")
        {
            await Task.Delay(Timeout.Infinite, cancel);
        }
        await SlowAsync(word, cancel);
    }

    private static Task SlowAsync(string word, CancellationToken cancel) => word.StartsWith("slow ", StringComparison.Ordinal)
        ? Task.Delay(int.Parse(word[5..], System.Globalization.CultureInfo.InvariantCulture), cancel)
        : Task.CompletedTask;

    // As a CA with a memory of its own: a transaction that it knows gets the same certificate.
    private async ValueTask<IssueResult> SignOnceAsync(CertificateDraft draft, CancellationToken cancel)
    {
        lock (gate)
        {
            if (issued.TryGetValue(draft.Transaction, out var known))
            {
                return known;
            }
        }
        var result = await signer.IssueAsync(draft, cancel);
        lock (gate)
        {
            return issued[draft.Transaction] = result;
        }
    }

    private string Word() => File.ReadAllText(settings.Script.FullPath).Trim();

    private void Note(string line)
    {
        lock (gate)
        {
            File.AppendAllText(settings.Asked.FullPath, line + "\n");
        }
    }

    private sealed class Signer(AuthorityCertificates certificates, SignatureScheme scheme, ECDsa key) : SigningAuthority(certificates, scheme)
    {
        protected override ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> tbs, CancellationToken cancel)
            => new(key.SignData(tbs.Span, Scheme.Hash, DSASignatureFormat.Rfc3279DerSequence));

        public override ValueTask DisposeAsync() => default;
    }
}
