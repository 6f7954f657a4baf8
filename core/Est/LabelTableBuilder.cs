using System.Security.Cryptography.X509Certificates;
using Kipuka.Audit;
using Kipuka.Auth;
using Kipuka.Catalog;
using Kipuka.Config;
using Kipuka.Enroll;
using Kipuka.Enroll.Cmc;
using Kipuka.Ha;
using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Sdk.Auth;
using Kipuka.Sdk.Transport;
using Kipuka.Store;
using Microsoft.Extensions.Logging;

namespace Kipuka.Est;

/// <summary>Makes the label table of a new generation.</summary>
internal sealed class LabelTableBuilder(
    Ledger ledger, Renewals renewals, PendingRequests requests, Journal journal, Twins twins, KeyMaker keyMaker, Revocations revocations,
    TimeProvider clock, ILogger<LabelTable> log)
    : IGenerationPart
{
    public ValueTask BuildAsync(Generation generation, CancellationToken cancel)
    {
        var config = generation.Config;
        var sinks = generation.Part<Sinks>();
        var possession = new Possession(config.Est.ChannelBinding, Keys(generation));
        var approvals = new Approvals(requests, config.Est, clock);
        var pipeline = new EnrollPipeline(
            ledger, renewals, approvals, twins, possession, config.Est, () => sinks.RequiredFault, journal.Node, clock);
        var raRights = RaRights.From(config.Est.Ra, clock);
        var cmc = BuildCmc(config.Est, possession);
        if (cmc is not null)
        {
            generation.Attach(cmc);
        }
        var groups = generation.Part<CaGroups>();
        var ownLabels = config.Authorities.Where(ca => ca.Label is not null).Select(ca => new LabelConfig { Name = ca.Label!, CaId = ca.Id });
        var labels = config.Est.Labels.Concat(ownLabels);
        // Without a label the first CA answers, with no policy but [enrollment] (book, "EST label routing").
        var unlabelled = config.Authorities.Count > 0 ? Build(generation, null, groups.Of(config.Authorities[0].Id), pipeline, cmc, raRights) : null;
        generation.Attach(new LabelTable(unlabelled, labels.Select(label => Build(generation, label, groups.Of(label.CaId), pipeline, cmc, raRights))));
        return ValueTask.CompletedTask;
    }

    private FullCmc? BuildCmc(EstConfig est, Possession possession)
    {
        if (!est.Fullcmc)
        {
            return null;
        }
        try
        {
            var controls = new CertificateControls(ledger, revocations);
            return new FullCmc(new Askers(est.Cmc), controls, possession, new Statements(ledger, clock), SigningPair.Open(est), clock, log);
        }
        catch (InvalidDataException fault)
        {
            throw new GenerationException($"[est.cmc]: {fault.Message}");
        }
    }

    private EstLabel Build(Generation generation, LabelConfig? label, CaGroup group, EnrollPipeline pipeline, FullCmc? cmc, RaRights raRights)
    {
        var est = generation.Config.Est;
        var authorities = group.Members.Select(member => member.Authority.Id).ToHashSet();
        var policy = new LabelPolicy(label, generation.Config.Enrollment, authorities);
        return new EstLabel(
            label?.Name ?? "",
            policy,
            group,
            new AuthChain(Methods(generation, label?.Auth), Anchors(label), policy.ExpiredGrace, raRights, ledger, log),
            pipeline,
            cmc,
            Operations(est),
            new PublishedChains(group),
            CsrAdvisor.Advise(label, est, policy, group.Members.Any(member => member.Authority.Config.ProfileRules == "cabf")),
            est.CsrattrsAuth);
    }

    private KeyDelivery? Keys(Generation generation)
    {
        var est = generation.Config.Est;
        if (!est.Serverkeygen.Enabled)
        {
            return null;
        }
        try
        {
            var keys = new KeyDelivery(est.Serverkeygen, keyMaker, SigningPair.Open(est), clock);
            generation.Attach(keys);
            return keys;
        }
        catch (InvalidDataException fault)
        {
            throw new GenerationException($"/serverkeygen signs the keys that it makes, but {fault.Message}");
        }
    }

    // A label may choose methods and their order; an unknown one is refused when the configuration is checked, and here for certain.
    private static List<AuthMethod> Methods(Generation generation, IReadOnlyList<string>? chosen)
    {
        List<AuthMethod> all = [.. generation.OfKind("auth").Select(instance => new AuthMethod(instance.Id, instance.Name, instance.As<IAuthenticator>()!, instance.Guard))];
        return chosen is null ? all : [.. chosen.Select(name => all.Find(method => method.Name == name)
            ?? throw new GenerationException(
                $"A label's auth names {name}, which is not configured; configured: {string.Join(", ", all.Select(method => method.Name))}"))];
    }

    private static List<X509Certificate2>? Anchors(LabelConfig? label)
        => label?.TrustAnchors is { } files
            ? [.. files.SelectMany(file => Pem.ReadCertificates(file.Bytes, file.Path)).Select(der => X509CertificateLoader.LoadCertificate(der.Span))]
            : null;

    private static HashSet<EstOperation> Operations(EstConfig est)
    {
        HashSet<EstOperation> operations = [];
        AddIf(est.Cacerts, EstOperation.CaCerts);
        AddIf(est.Csrattrs, EstOperation.CsrAttrs);
        AddIf(est.Simpleenroll, EstOperation.SimpleEnroll);
        AddIf(est.Simplereenroll, EstOperation.SimpleReEnroll);
        AddIf(est.Serverkeygen.Enabled, EstOperation.ServerKeyGen);
        AddIf(est.RenewalInfo.Enabled, EstOperation.RenewalInfo);
        AddIf(est.Fullcmc, EstOperation.FullCmc);
        return operations;

        void AddIf(bool on, EstOperation operation)
        {
            if (on && est.Enabled)
            {
                operations.Add(operation);
            }
        }
    }
}
