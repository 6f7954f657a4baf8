using System.Text.Json;

namespace Kipuka.Conformance;

/// <summary>FAU_STG.1: whoever edits the database by hand is found out, and the first bad record is named.</summary>
public sealed class AuditTampering : IAsyncLifetime
{
    private readonly ScratchFolder _copies = new();
    private KipukaServer _server = null!;
    private long _last;

    // A stopped server: its last anchor covers everything but the record that tells of it.
    public async Task InitializeAsync()
    {
        _server = await KipukaServer.StartAsync(await AuditServer.SetupAsync());
        for (var i = 0; i < 5; i++)
        {
            await _server.CreatePasswordAsync($"device-{i}");
        }
        await _server.StopAsync();
        await _server.StartProcessAsync();
        await _server.CreatePasswordAsync("device-last");
        await _server.StopAsync();
        _last = long.Parse(AuditServer.Query(_server.DatabaseFile, "SELECT MAX(sequence) FROM audit_log")[0], null);
        Assert.True(_last > 20);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _copies.Dispose();
    }

    [Fact]
    [Requirement("NIAP CA PP", "FAU_STG.1", Level.Must, "Stored audit records are protected: what is changed, added, moved or removed is found, and the first bad record is named.")]
    public async Task What_is_done_to_the_records_is_found_and_the_first_bad_one_is_named()
    {
        var whole = await AuditServer.VerifyAsync(_server, "--offline");
        Assert.True(whole.GetProperty("intact").GetBoolean(), whole.ToString());
        Assert.True(whole.GetProperty("signatures_checked").GetBoolean());
        Assert.Equal(_last, whole.GetProperty("records").GetInt64());
        var copy = "INSERT INTO audit_log SELECT node, {0}, time, event_type, niap, success, actor, source_ip, label, ca, serial, details, previous_hash, hash, subject "
            + "FROM audit_log WHERE sequence = 7";
        (string Sql, long Bad)[] cases =
        [
            ("UPDATE audit_log SET actor = 'nobody' WHERE sequence = 7", 7),
            ("UPDATE audit_log SET subject = 'CN=other' WHERE sequence = 7", 7),
            ("UPDATE audit_log SET success = 1 - success WHERE sequence = 1", 1),
            ("DELETE FROM audit_log WHERE sequence = 7", 7),
            ("DELETE FROM audit_log WHERE sequence = 1", 1),
            (string.Format(null, copy, _last + 1), _last + 1),
            (string.Format(null, copy, 0), 0),
            ("UPDATE audit_log SET sequence = -sequence WHERE sequence IN (7, 8); UPDATE audit_log SET sequence = 15 + sequence WHERE sequence < 0", 7),
            // The end, as far as the anchor of the stop: nothing in the records themselves misses it.
            ($"DELETE FROM audit_log WHERE sequence > {_last - 3}", _last - 2),
            ($"DELETE FROM audit_log WHERE sequence = {_last}; DELETE FROM audit_log WHERE sequence = {_last - 1}", _last - 1),
            ("DELETE FROM audit_log", 1),
        ];
        foreach (var (sql, bad) in cases)
        {
            var proof = await JudgeAsync(sql);
            Assert.False(proof.GetProperty("intact").GetBoolean(), sql);
            Assert.Equal((sql, bad), (sql, proof.GetProperty("sequence").GetInt64()));
            Assert.NotEmpty(proof.GetProperty("reason").GetString()!);
        }
    }

    [Fact]
    [Requirement("NIAP CA PP", "FAU_STG.1", Level.Must, "The signed heads of the chain are protected in the same way.")]
    public async Task An_anchor_that_is_deleted_or_forged_is_found()
    {
        var count = long.Parse(AuditServer.Query(_server.DatabaseFile, "SELECT COUNT(*) FROM audit_anchors")[0], null);
        Assert.Equal(4, count);
        string[] cases =
        [
            "DELETE FROM audit_anchors WHERE number = 2",
            "DELETE FROM audit_anchors WHERE number = 4",
            "DELETE FROM audit_anchors",
            "UPDATE audit_anchors SET hash = zeroblob(32) WHERE number = 2",
            "UPDATE audit_anchors SET sequence = sequence - 1 WHERE number = 2",
            "UPDATE audit_anchors SET signature = (SELECT signature FROM audit_anchors WHERE number = 1) WHERE number = 2",
            "UPDATE audit_anchors SET key_id = 'ab' WHERE number = 2",
            // The end cut off together with what remembers it: the record before tells of the anchor.
            "DELETE FROM audit_log WHERE sequence > (SELECT sequence FROM audit_anchors WHERE number = 3); DELETE FROM audit_anchors WHERE number = 2",
        ];
        foreach (var sql in cases)
        {
            Assert.False((await JudgeAsync(sql)).GetProperty("intact").GetBoolean(), sql);
        }
        // Another key's anchors are anybody's.
        var other = _copies["other.pem"];
        await Tool.RunAsync(Repository.Executable, ["audit", "key", "--out", other]);
        Assert.False((await AuditServer.VerifyAsync(_server, "--offline", "--public-key", _copies["other.pub.pem"])).GetProperty("intact").GetBoolean());
        Assert.True((await AuditServer.VerifyAsync(_server, "--offline", "--public-key", "audit-key.pub.pem")).GetProperty("intact").GetBoolean());
    }

    [Fact]
    [Requirement("NIAP CA PP", "FAU_STG.1", Level.Must, "An exported trail proves itself without the server.")]
    public async Task An_export_is_verified_by_itself()
    {
        await _server.StartProcessAsync();
        Assert.True((await AuditServer.VerifyAsync(_server)).GetProperty("intact").GetBoolean());
        var file = _copies["export.jsonl"];
        Assert.Equal(0, (await AuditServer.RunAsync(_server, "audit", "export", "--out", file)).ExitCode);
        await _server.StopAsync();
        Assert.True((await VerifyFileAsync(file)).Item1);
        var lines = await File.ReadAllLinesAsync(file);
        (string What, IEnumerable<string> Lines, long Bad)[] cases =
        [
            ("changed", lines.Select((line, i) => i == 6 ? line.Replace("\"success\"", "\"failure\"", StringComparison.Ordinal) : line), 7),
            ("deleted", lines.Where((_, i) => i != 6), 7),
            ("doubled", [.. lines[..7], lines[6], .. lines[7..]], 8),
            ("reordered", [.. lines[..6], lines[7], lines[6], .. lines[8..]], 7),
        ];
        foreach (var (what, changed, bad) in cases)
        {
            var copy = _copies[what];
            await File.WriteAllLinesAsync(copy, changed);
            Assert.Equal((what, false, bad), (what, (await VerifyFileAsync(copy)).Item1, (await VerifyFileAsync(copy)).Item2));
        }
        // The guards of the schema itself.
        Assert.Contains("append-only", (await Tool.RunAsync("sqlite3", [_server.DatabaseFile, "DELETE FROM audit_log"])).Error, StringComparison.Ordinal);
        Assert.Contains("append-only", (await Tool.RunAsync("sqlite3", [_server.DatabaseFile, "UPDATE audit_log SET actor = 'x'"])).Error, StringComparison.Ordinal);
    }

    private async Task<JsonElement> JudgeAsync(string sql)
    {
        AuditServer.Settle(_server.DatabaseFile);
        var fine = _copies["fine.db"];
        File.Copy(_server.DatabaseFile, fine, overwrite: true);
        try
        {
            AuditServer.Tamper(_server.DatabaseFile, sql);
            return await AuditServer.VerifyAsync(_server, "--offline");
        }
        finally
        {
            AuditServer.Restore(fine, _server.DatabaseFile);
        }
    }

    private async Task<(bool, long)> VerifyFileAsync(string file)
    {
        var run = await Tool.RunAsync(
            Repository.Executable, ["audit", "verify", "--json", "--file", file, "--public-key", Path.Combine(_server.Folder, "audit-key.pub.pem")]);
        var proof = JsonDocument.Parse(run.Output).RootElement;
        return (proof.GetProperty("intact").GetBoolean(), proof.GetProperty("sequence") is { ValueKind: JsonValueKind.Number } bad ? bad.GetInt64() : 0);
    }
}
