using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Store;

namespace Kipuka.Enroll;

/// <summary>Finds the certificate that a registration authority renews for somebody else (rulings 33 and 34).</summary>
internal sealed class Renewals(Ledger ledger, TimeProvider clock)
{
    /// <summary>The request as it goes on. Whether what was found may be renewed, and what it means when nothing was, is policy's to say.</summary>
    public async Task<EnrollRequest> ResolveAsync(EnrollRequest ask, IRequestedCertificate request, CancellationToken cancel)
    {
        if (!ask.IsRenewal || ask.Requester is not { IsRa: true, Certificate: { } own } || SubjectNames.Same(request.Subject, request.RequestedSan, own))
        {
            return ask;
        }
        var names = SubjectNames.Key(request.Subject, request.RequestedSan);
        foreach (var label in ask.Policy.RenewableLabels)
        {
            var found = await ledger.FindNamedAsync(label, names, request.Subject.Text, clock.GetUtcNow() - ask.Policy.ExpiredGrace, cancel);
            foreach (var record in found.Where(record => ask.Group.Members.Any(member => member.Id == record.Authority)))
            {
                var fields = CertificateFields.Parse(record.Certificate.Der);
                if (SubjectNames.Same(request.Subject, request.RequestedSan, fields))
                {
                    var represented = new RepresentedCertificate(fields, new HeldCertificate(record.Authority, record.Label));
                    return ask with { Requester = ask.Requester with { Represents = represented } };
                }
            }
        }
        return ask;
    }
}
