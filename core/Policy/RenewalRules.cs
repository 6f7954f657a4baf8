using Kipuka.Config;
using Kipuka.Store;

namespace Kipuka.Policy;

/// <summary>
/// When a certificate is to be renewed: within a part of its life that is the same for every certificate, or earlier, where an operator wants
/// it replaced or it is revoked. Never later.
/// </summary>
internal static class RenewalRules
{
    private static readonly TimeSpan Past = TimeSpan.FromHours(1);

    public static RenewalWindow Decide(CertificateRecord certificate, RenewalInfoConfig config, IEnumerable<Replacement> replacements)
    {
        var (from, to) = (certificate.Certificate.NotBefore, certificate.Certificate.NotAfter);
        var usual = new RenewalWindow(At(from, to, config.StartPercent), At(from, to, config.EndPercent), config.ExplanationUrl);
        var window = replacements.Where(replacement => replacement.Covers(certificate))
            .Select(replacement => new RenewalWindow(
                replacement.Start, Earlier(replacement.End, usual.End), replacement.ExplanationUrl ?? config.ExplanationUrl))
            .Append(usual)
            .MinBy(one => one.Start)!;
        // All of it in the past: renew at once.
        return InSeconds(certificate.Revoked is { } revoked
            ? window with { Start = Earlier(window.Start, revoked - Past), End = Earlier(window.End, revoked) }
            : window);
    }

    // As it is written. A window that ends as it begins is none.
    private static RenewalWindow InSeconds(RenewalWindow window)
    {
        var (start, end) = (Whole(window.Start), Whole(window.End));
        return window with { Start = start, End = end > start ? end : start.AddSeconds(1) };

        static DateTimeOffset Whole(DateTimeOffset time) => time.AddTicks(-(time.UtcTicks % TimeSpan.TicksPerSecond));
    }

    private static DateTimeOffset At(DateTimeOffset from, DateTimeOffset to, int percent) => from + ((to - from) / 100 * percent);

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
