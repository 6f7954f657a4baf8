namespace Kipuka.Store;

/// <summary>The requests that wait for a decision. Their blocks are of those that nobody has decided about: the others may be many more.</summary>
internal sealed class OpenRequests : ListQuery
{
    public OpenRequests(DateTimeOffset now)
    {
        Moves = true;
        Keep("r.decision = @decision", "decision", (int)Decision.None);
        Add("r.expires_at > @now", Now, now);
        Add("NOT EXISTS (SELECT 1 FROM transactions o WHERE o.id = r.id)");
    }
}
