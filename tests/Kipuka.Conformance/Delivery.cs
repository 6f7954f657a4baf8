using Microsoft.Data.Sqlite;

namespace Kipuka.Conformance;

/// <summary>
/// That answers were written to their end. The server notes that after the client has them: a repeat that is quicker finds a request that may have been lost.
/// </summary>
internal static class Delivery
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <param name="server">On SQLite.</param>
    /// <param name="subject">Of the certificates.</param>
    /// <param name="answers">How many.</param>
    public static async Task WaitAsync(KipukaServer server, string subject, int answers = 1)
    {
        await using var database = new SqliteConnection($"Data Source={server.DatabaseFile};Mode=ReadOnly");
        await database.OpenAsync();
        await using var count = database.CreateCommand();
        count.CommandText = "SELECT COUNT(*) FROM transactions t JOIN certificates c ON c.id = t.certificate_id WHERE t.delivered = 1 AND c.subject = $subject";
        count.Parameters.AddWithValue("$subject", subject);
        using var limit = new CancellationTokenSource(Limit);
        while ((long)(await count.ExecuteScalarAsync())! < answers)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
