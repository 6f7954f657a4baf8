using Kipuka.Store;

namespace Kipuka.Tests.Store;

public sealed class OutcomeTests
{
    [Fact]
    public async Task Records_are_counted_by_bucket_event_label_and_CA_within_the_time_asked_for()
    {
        await using StoreFixture store = await StoreFixture.OpenAsync();
        DateTimeOffset start = store.Clock.Now;
        await AppendAsync(store, ("cert.issued", "iot", "a"), ("cert.issued", "iot", "a"), ("cert.issued", null, "b"), ("admin.access", null, null));
        store.Clock.Now = start.AddMinutes(59);
        await AppendAsync(store, ("enroll.failure", "iot", null), ("cert.denied", "iot", null));
        store.Clock.Now = start.AddHours(1);
        await AppendAsync(store, ("cert.renewed", "iot", "a"));
        store.Clock.Now = start.AddHours(2);
        await AppendAsync(store, ("cert.issued", "iot", "a"));

        IReadOnlyList<Outcome> counted = await new Outcomes(store.Database).CountAsync(start, start.AddHours(2), TimeSpan.FromHours(1), default);
        Assert.Equal(
            [new(0, "cert.denied", "iot", null, 1), new(0, "cert.issued", "", "b", 1), new(0, "cert.issued", "iot", "a", 2), new(0, "enroll.failure", "iot", null, 1), new(1, "cert.renewed", "iot", "a", 1)],
            counted.OrderBy(outcome => outcome.Bucket).ThenBy(outcome => outcome.Event, StringComparer.Ordinal).ThenBy(outcome => outcome.Label, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Counting_reads_the_index_alone()
    {
        await using StoreFixture store = await StoreFixture.OpenAsync(inMemory: true);
        List<string> plan = await store.Database.ReadAsync(
            session => session.All("EXPLAIN QUERY PLAN " + Outcomes.Sql, row => row.GetString(3), ("from", 0L), ("width", 1L), ("to", 1L)), default);
        Assert.Contains(plan, step => step.StartsWith("SEARCH", StringComparison.Ordinal) && step.Contains("COVERING INDEX idx_audit_log_outcome", StringComparison.Ordinal));
    }

    private static Task AppendAsync(StoreFixture store, params (string Name, string? Label, string? Authority)[] records) => store.Journal.AppendAsync(
        [.. records.Select(record => new AuditRecord(record.Name, "x", true) { Label = record.Label, Authority = record.Authority })], default);
}
