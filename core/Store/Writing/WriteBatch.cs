namespace Kipuka.Store;

/// <summary>One transaction of the writer, shared by all the jobs it found in the queue.</summary>
internal sealed class WriteBatch(Session session)
{
    private List<Action>? _afterCommit;

    public Session Session => session;

    /// <summary>Set by a job whose result stands although nothing of its work is to remain: a condition did not hold.</summary>
    public bool Undo { get; set; }

    /// <summary>The end of this node's chain as this transaction sees it; null when it has to be read.</summary>
    public ChainHead? Head { get; set; }

    /// <summary>Calls this once when the batch was committed, on the writer's thread.</summary>
    public void AfterCommit(Action action)
    {
        _afterCommit ??= [];
        if (!_afterCommit.Contains(action))
        {
            _afterCommit.Add(action);
        }
    }

    public void Committed() => _afterCommit?.ForEach(action => action());
}
