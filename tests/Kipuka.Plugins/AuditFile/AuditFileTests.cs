using System.Net;
using System.Text.Json;
using Kipuka.Plugins.AuditFile;
using Kipuka.Plugins.Tests.CaFile;
using Kipuka.Sdk;
using Kipuka.Sdk.Audit;

namespace Kipuka.Plugins.Tests.AuditFile;

public sealed class AuditFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("kipuka-audit-").FullName;
    private readonly AuditFilePlugin plugin = new();

    private string File => Path.Combine(folder, "audit.json");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_record_has_the_shape_of_the_book()
    {
        var sink = await StartAsync();
        await sink.WriteAsync(
        [
            new AuditEvent("node-1", 7, new DateTimeOffset(2026, 6, 24, 14, 32, 10, 123, 456, TimeSpan.Zero), "cert.issued", "CertIssue", true)
            {
                Actor = "otp:device", Source = IPAddress.Parse("192.0.2.45"), Label = "iot", Authority = "default", Serial = "4a3f218c0977342b",
                Fields = new Dictionary<string, string>
                {
                    ["issuer"] = "CN=Example CA", ["subject"] = "CN=server.example.com", ["not_before"] = "2026-06-24T14:32:00Z",
                    ["not_after"] = "2027-06-24T14:32:00Z", ["reason"] = "asked",
                },
                PreviousHash = new byte[1], Hash = new byte[] { 0xab },
            },
        ], default);
        Assert.Equal(
            """
            {"timestamp":"2026-06-24T14:32:10.123456Z","event_type":"cert.issued","niap":"CertIssue","outcome":"success",
            "subject":"CN=server.example.com","source_ip":"192.0.2.45","serial":"4a3f218c0977342b","issuer":"CN=Example CA",
            "not_before":"2026-06-24T14:32:00Z","not_after":"2027-06-24T14:32:00Z","label":"iot","ca_id":"default","actor":"otp:device",
            "reason":"asked","node":"node-1","sequence":7,"previous_hash":"00","hash":"ab"}
            """.ReplaceLineEndings("") + "\n",
            await System.IO.File.ReadAllTextAsync(File));
    }

    [Fact]
    public async Task No_detail_can_end_a_line_or_stand_for_the_record_itself()
    {
        var sink = await StartAsync();
        await sink.WriteAsync([Event(1) with
        {
            Fields = new Dictionary<string, string> { ["subject"] = "CN=a\n{\"outcome\":\"success\"}\u2028\u202e", ["outcome"] = "success", ["serial"] = "00" },
        }], default);
        var line = Assert.Single(await System.IO.File.ReadAllLinesAsync(File));
        Assert.All(line, character => Assert.InRange(character, ' ', '~'));
        var record = JsonDocument.Parse(line, new JsonDocumentOptions { AllowDuplicateProperties = false }).RootElement;
        Assert.Equal("failure", record.GetProperty("outcome").GetString());
        Assert.Equal("success", record.GetProperty("detail_outcome").GetString());
        Assert.False(record.TryGetProperty("serial", out _));
    }

    [Fact]
    public async Task Batches_follow_each_other_in_order()
    {
        var sink = await StartAsync();
        await sink.WriteAsync([Event(1), Event(2)], default);
        await sink.WriteAsync([Event(3)], default);
        Assert.Equal([1, 2, 3], await SequencesAsync(File));
    }

    // NIAP FAU_STG: nobody but owner and group reads the log.
    [Fact]
    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    public async Task The_file_is_made_with_mode_0640_or_less()
    {
        await StartAsync();
        var mode = System.IO.File.GetUnixFileMode(File);
        Assert.Equal(UnixFileMode.None, mode & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead));
        Assert.True(mode.HasFlag(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    // The book's own logrotate configuration.
    [Fact]
    public async Task After_copytruncate_the_file_begins_anew_without_a_hole()
    {
        var sink = await StartAsync();
        await sink.WriteAsync([Event(1)], default);
        System.IO.File.Copy(File, File + ".1");
        using (var truncated = new FileStream(File, FileMode.Truncate)) { }
        await sink.WriteAsync([Event(2)], default);
        Assert.Equal([1], await SequencesAsync(File + ".1"));
        Assert.Equal([2], await SequencesAsync(File));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_rename_records_go_to_the_file_of_the_name(bool made)
    {
        var sink = await StartAsync();
        await sink.WriteAsync([Event(1)], default);
        System.IO.File.Move(File, File + ".1");
        if (made) await System.IO.File.WriteAllTextAsync(File, "");
        await sink.WriteAsync([Event(2)], default);
        Assert.Equal([1], await SequencesAsync(File + ".1"));
        Assert.Equal([2], await SequencesAsync(File));
    }

    [Fact]
    public async Task A_line_left_half_is_closed_before_the_next()
    {
        var sink = await StartAsync();
        await sink.WriteAsync([Event(1)], default);
        await System.IO.File.AppendAllTextAsync(File, "{\"timestamp\":\"2026-");
        await sink.WriteAsync([Event(2)], default);
        var lines = await System.IO.File.ReadAllLinesAsync(File);
        Assert.Equal(3, lines.Length);
        Assert.Equal("{\"timestamp\":\"2026-", lines[1]);
        Assert.Contains("\"sequence\":2", lines[2]);
    }

    [Fact]
    public async Task Two_writers_of_one_file_do_not_overwrite_each_other()
    {
        var (one, other) = (await StartAsync(), await StartAsync());
        await Task.WhenAll(WriteAsync(one, 0), WriteAsync(other, 1000));
        Assert.Equal(Enumerable.Range(0, 50).Concat(Enumerable.Range(1000, 50)).Select(number => (long)number), (await SequencesAsync(File)).Order());

        static async Task WriteAsync(IAuditSink sink, int from)
        {
            for (var i = 0; i < 50; i++) await sink.WriteAsync([Event(from + i)], default);
        }
    }

    // A full disk: /dev/full answers every write with ENOSPC.
    [Fact]
    public async Task A_write_that_fails_is_an_exception()
    {
        var sink = new AuditFileSink("/dev/full");
        await Assert.ThrowsAnyAsync<IOException>(() => sink.WriteAsync([Event(1)], default).AsTask());
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_is_a_problem_at_check_and_at_start()
    {
        var settings = new AuditFileSettings { File = new SettingsPath(Path.Combine(folder, "absent", "audit.json")) };
        Assert.Contains("absent does not exist", Assert.Single(plugin.Check(settings)).Message);
        await Assert.ThrowsAsync<IOException>(() => plugin.StartAsync(settings, new BareHost(), default).AsTask());
        Assert.Empty(plugin.Check(new AuditFileSettings { File = new SettingsPath(File) }));
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void A_folder_instead_of_a_file_is_a_problem()
        => Assert.Contains("is a folder", Assert.Single(plugin.Check(new AuditFileSettings { File = new SettingsPath(folder) })).Message);

    [Fact]
    public async Task The_probe_fails_when_the_folder_has_gone()
    {
        var probe = Assert.IsAssignableFrom<IHealthProbe>(await StartAsync());
        await probe.ProbeAsync(default);
        Directory.Delete(folder, recursive: true);
        Assert.Contains(File, (await Assert.ThrowsAsync<IOException>(() => probe.ProbeAsync(default).AsTask())).Message);
        Directory.CreateDirectory(folder);
        await probe.ProbeAsync(default);
    }

    private async Task<IAuditSink> StartAsync()
        => await plugin.StartAsync(new AuditFileSettings { File = new SettingsPath(File) }, new BareHost(), default);

    private static AuditEvent Event(long sequence)
        => new("node-1", sequence, DateTimeOffset.UnixEpoch, "auth.otp.failure", "AuthFailure", false) { PreviousHash = new byte[32], Hash = new byte[32] };

    private static async Task<IEnumerable<long>> SequencesAsync(string file)
        => (await System.IO.File.ReadAllLinesAsync(file)).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("sequence").GetInt64());
}
