using System.Text.Json;

namespace Kipuka.Conformance;

/// <summary>Ruling 55: old segments leave the journal only by kipuka audit archive.</summary>
public sealed class AuditArchiving
{
    [Fact]
    [Requirement("NIAP CA PP", "FAU_STG.1", Level.Must, "Records leave the trail only into signed files, and the trail says so.")]
    public async Task What_is_archived_is_signed_leaves_and_the_chain_goes_on_from_it()
    {
        await using var server = await KipukaServer.StartAsync(await AuditServer.SetupAsync());
        for (var i = 0; i < 4; i++)
        {
            await server.CreatePasswordAsync($"old-{i}");
        }
        // The file has taken what there is: a sink's share does not leave before.
        await UntilAsync(async () => (await Tool.RunAsync("cat", [Path.Combine(server.Folder, "audit.jsonl")])).Output.Contains("old-3", StringComparison.Ordinal));
        var run = await AuditServer.RunAsync(server, "audit", "archive", "--json", "--before", DateTimeOffset.UtcNow.AddMilliseconds(-1).ToString("O"));
        Assert.True(run.ExitCode == 0, run.ToString());
        var made = JsonDocument.Parse(run.Output).RootElement.GetProperty("archives").EnumerateArray().Single();
        var last = made.GetProperty("last").GetInt64();
        var file = Path.Combine(server.Folder, made.GetProperty("file").GetString()!);
        Assert.True(last > 8);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        Assert.Equal($"{last + 1}", AuditServer.Query(server.DatabaseFile, "SELECT MIN(sequence) FROM audit_log")[0]);
        var audited = JournalRecord.Of(server, "audit.archived").Single();
        Assert.Equal($"{last}", audited.Details["last"]);
        Assert.StartsWith("bearer:", audited.Actor, StringComparison.Ordinal);
        Assert.True((await AuditServer.VerifyAsync(server)).GetProperty("intact").GetBoolean());
        Assert.True((await AuditServer.VerifyAsync(server, "--offline")).GetProperty("intact").GetBoolean());
        Assert.True(await FileIsFineAsync(server, file));

        // A file that was changed, a forged row, and records that were put back are found.
        await File.WriteAllTextAsync(file + ".txt", await File.ReadAllTextAsync(file));
        File.Copy(file + ".sig.json", file + ".txt.sig.json");
        Assert.True(await FileIsFineAsync(server, file + ".txt"));
        await File.WriteAllLinesAsync(file + ".txt", (await File.ReadAllLinesAsync(file)).SkipLast(1));
        Assert.False(await FileIsFineAsync(server, file + ".txt"));
        await server.CreatePasswordAsync("new");
        await server.StopAsync();
        AuditServer.Settle(server.DatabaseFile);
        var fine = file + ".db";
        File.Copy(server.DatabaseFile, fine);
        foreach (var sql in new[]
        {
            "UPDATE audit_archives SET hash = zeroblob(32)", "UPDATE audit_archives SET last_sequence = last_sequence - 1", "DELETE FROM audit_archives",
            $"DELETE FROM audit_log WHERE sequence = {last + 1}",
            "INSERT INTO audit_log SELECT node, 3, time, event_type, niap, success, actor, source_ip, label, ca, serial, details, previous_hash, hash, subject FROM audit_log LIMIT 1",
        })
        {
            AuditServer.Tamper(server.DatabaseFile, sql);
            Assert.False((await AuditServer.VerifyAsync(server, "--offline")).GetProperty("intact").GetBoolean(), sql);
            AuditServer.Restore(fine, server.DatabaseFile);
        }
        await server.StartProcessAsync();
        Assert.True((await AuditServer.VerifyAsync(server)).GetProperty("intact").GetBoolean());
    }

    [Fact]
    public async Task Without_a_key_or_a_folder_nothing_leaves()
    {
        await using var server = await KipukaServer.StartAsync();
        var run = await AuditServer.RunAsync(server, "audit", "archive", "--before", "2026-01-01");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("anchor_key", run.Error, StringComparison.Ordinal);
        var later = await AuditServer.RunAsync(server, "audit", "archive", "--before", "2999-01-01");
        Assert.Contains("future", later.Error, StringComparison.Ordinal);
    }

    private static async Task<bool> FileIsFineAsync(KipukaServer server, string file)
        => (await Tool.RunAsync(Repository.Executable, ["audit", "verify", "--file", file, "--public-key", Path.Combine(server.Folder, "audit-key.pub.pem")])).ExitCode == 0;

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await holds())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
