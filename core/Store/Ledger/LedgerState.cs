namespace Kipuka.Store;

/// <summary>Where a transaction stands. The numbers are in the database.</summary>
internal enum LedgerState
{
    /// <summary>A CA may have been asked, and may have issued.</summary>
    Open = 0,

    /// <summary>The certificate is recorded.</summary>
    Issued = 1,

    /// <summary>Nothing was issued, and nothing will be.</summary>
    Failed = 2,
}
