using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Kipuka.Audit;
using Kipuka.Cli.Actions;
using Kipuka.Config;
using Kipuka.Store;

namespace Kipuka.Cli.Auditing;

/// <summary><c>kipuka audit verify</c>: proves the journal, or names the first bad record.</summary>
internal sealed class AuditVerify(Surroundings surroundings)
{
    private readonly Option<string?> file = SharedOptions.Text("--file", "FILE", "Verify this export or archive instead: no server and no database is asked.");

    private readonly Option<bool> offline = new("--offline") { Description = "Read the database of the configuration itself, also beside a running server, instead of asking the server." };

    private readonly Option<string[]> keys = new("--public-key")
    {
        HelpName = "FILE",
        Description = "A public key (PEM) whose signatures count, also several; with --offline the default is what [audit] names.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> from = SharedOptions.Text("--from", "TIME", "Begin at the first record of this time (ISO 8601) or day.");

    private readonly Option<string?> to = SharedOptions.Text("--to", "TIME", "End before this time, or with the end of this day.");

    public Command Build()
    {
        var options = new AdminOptions(surroundings);
        var command = new CliCommand("verify", "Prove that no record was changed, moved, removed or added, or name the first bad one.")
        {
            Details = "The exit status is 0 only when everything fits. The running server is asked, and records that it was; who does not trust it reads the "
                + "database with --offline, or an export with --file, and brings the public key along.",
            Examples =
            [
                "kipuka audit verify --config kipuka.toml",
                "kipuka audit verify --offline --public-key audit-key.pub.pem --config kipuka.toml",
                "kipuka audit verify --file audit-est1-1-20000.jsonl --public-key audit-key.pub.pem",
            ],
        };
        foreach (var option in new Option[] { file, offline, keys, from, to })
        {
            command.Add(option);
        }
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var proof = parsed.GetValue(file) is { } path ? OfFile(parsed, path)
                : parsed.GetValue(offline) ? await OfDatabaseAsync(parsed, options, cancel)
                : await OfServerAsync(parsed, options, cancel);
            Print(parsed.InvocationConfiguration.Output, proof, options.AsJson(parsed));
            return proof.Intact ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private async Task<AuditProof> OfServerAsync(ParseResult parsed, AdminOptions options, CancellationToken cancel)
    {
        if (Keys(parsed).Count > 0)
        {
            throw CliException.Usage("--public-key is for --offline and --file: the server checks signatures with the keys of its own configuration");
        }
        using var client = options.Open(parsed);
        var given = new[] { ("from", parsed.GetValue(from)), ("to", parsed.GetValue(to)) }
            .Where(one => one.Item2 is not null).Select(one => $"{one.Item1}={Uri.EscapeDataString(one.Item2!)}");
        var answer = await client.CallLongAsync(HttpMethod.Get, $"audit/verify?{string.Join('&', given)}", null, cancel);
        return answer!.Value.Deserialize<AuditProof>(Shape)!;
    }

    private AuditProof OfFile(ParseResult parsed, string path)
    {
        if (parsed.GetValue(from) is not null || parsed.GetValue(to) is not null)
        {
            throw CliException.Usage("--from and --to are for the journal; a file is verified whole");
        }
        var check = AuditKey.CheckBy(Keys(parsed));
        try
        {
            return AuditProof.Of(ArchiveFile.Verify(surroundings.FullPath(path), check), check is not null);
        }
        catch (InvalidDataException fault)
        {
            throw new CliException($"{path}: {fault.Message}");
        }
    }

    private async Task<AuditProof> OfDatabaseAsync(ParseResult parsed, AdminOptions options, CancellationToken cancel)
    {
        var tables = new ConfigTables(surroundings, surroundings.ConfigFile(options.ConfigFile(parsed)));
        var db = tables.Bind<DbConfig>("db");
        var url = DatabaseUrl.Parse(db.Url, tables.Folder, out var problem) ?? throw CliException.Usage($"{tables.File}: [db] url: {problem}");
        var trusted = Keys(parsed);
        if (trusted.Count == 0)
        {
            trusted = OwnKeys(tables);
        }
        try
        {
            using var reader = await JournalReader.OpenAsync(
                DatabasePlace.Of(db, url, node: null) with { AutoMigrate = false }, cancel);
            var check = AuditKey.CheckBy(trusted);
            var verdict = await new JournalVerifier(reader, check).VerifyAsync(Time(parsed, from, TimeSpan.Zero), Time(parsed, to, TimeSpan.FromDays(1)), cancel);
            return AuditProof.Of(verdict, check is not null);
        }
        catch (DatabaseException fault)
        {
            throw new CliException(fault.Message);
        }
    }

    private static IReadOnlyList<AuditKey> OwnKeys(ConfigTables tables)
    {
        try
        {
            using var config = tables.Bind<AuditConfig>("audit");
            return AuditSeal.Of(config).Trusted;
        }
        catch (InvalidDataException fault)
        {
            throw CliException.Usage($"{tables.File}: {fault.Message}");
        }
    }

    private IReadOnlyList<AuditKey> Keys(ParseResult parsed) => [.. (parsed.GetValue(keys) ?? []).Select(path =>
    {
        try
        {
            return AuditKey.Read(surroundings.Read(path, "--public-key"), wantsPrivate: false);
        }
        catch (InvalidDataException fault)
        {
            throw CliException.Usage($"--public-key: {path} {fault.Message}");
        }
    })];

    private static DateTimeOffset? Time(ParseResult parsed, Option<string?> option, TimeSpan day)
    {
        if (parsed.GetValue(option) is not { } text)
        {
            return null;
        }
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, Utc, out var date) ? date + day
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var time) ? time
            : throw CliException.Usage($"{option.Name}: {text} is no ISO 8601 time, such as 2026-06-24T14:22:01Z or 2026-06-24");
    }

    private static void Print(TextWriter output, AuditProof proof, bool asJson)
    {
        if (asJson)
        {
            JsonText.Write(output, json => JsonSerializer.Serialize(json, proof, Shape));
            return;
        }
        TextTable.Write(output, ["NODE", "RECORDS", "FIRST", "LAST", "ARCHIVED TO", "ANCHORS", "ANCHORED TO", "NEWEST ANCHOR"], [.. proof.Chains.Select(chain =>
            (IReadOnlyList<string>)[SafeText.Cell(chain.Node), $"{chain.Records}", $"{chain.First}", $"{chain.Last}", $"{chain.Archived}", $"{chain.Anchors}", $"{chain.Anchored}", chain.AnchoredAt ?? "none"])]);
        if (!proof.SignaturesChecked)
        {
            output.WriteLine("Note: without a key no signature was checked: whoever may write the database could have made all of this anew.");
        }
        output.WriteLine(proof.Intact
            ? $"Intact: {proof.Records} records."
            : $"NOT INTACT: the first bad record is {SafeText.Cell(proof.Node!)}:{proof.Sequence}: {SafeText.Cell(proof.Reason!)}");
    }

    private static readonly JsonSerializerOptions Shape = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };
}
