using System.Text;
using Kipuka.Sdk;
using Kipuka.Sdk.Audit;

namespace Kipuka.TestPlugins.Broken;

/// <summary>A sink that writes serial numbers to a file.</summary>
internal sealed class FlawedSink(BrokenSettings settings, string flaw) : FlawedService(flaw), IAuditSink, IHealthProbe
{
    private static readonly Lock Writing = new();

    private readonly StringBuilder own = new();
    private readonly HashSet<long> sequences = [];

    public ValueTask WriteAsync(IReadOnlyList<AuditEvent> batch, CancellationToken cancel)
    {
        Enter(cancel);
        if ((Has("sizes") && batch.Count > 500)
            || (Has("missing-values") && batch.Any(record => record.Actor is null))
            || (Has("unicode") && batch.Any(record => record.Fields.Values.Any(value => value.Any(char.IsSurrogate))))
            || (Has("again") && !batch.All(record => sequences.Add(record.Sequence))))
        {
            throw new NotSupportedException("Not this batch.");
        }
        IEnumerable<AuditEvent> kept = Has("complete") && batch.Count > 1 ? batch.SkipLast(1) : batch;
        var text = string.Concat((Has("order") ? kept.Reverse() : kept).Select(record => $"{record.Serial}\n"));
        try
        {
            Write(text);
        }
        catch (IOException) when (Has("outage"))
        {
            // Swallowed: the flaw.
        }
        return default;
    }

    public ValueTask ProbeAsync(CancellationToken cancel) => Has("probe") ? throw new InvalidOperationException("It does not feel well.") : default;

    private void Write(string text)
    {
        lock (Writing)
        {
            if (Has("two-instances"))
            {
                // All that this instance knows of, over whatever another one wrote.
                File.WriteAllText(settings.File.FullPath, own.Append(text).ToString());
                return;
            }
            File.AppendAllText(settings.File.FullPath, text);
        }
    }
}
