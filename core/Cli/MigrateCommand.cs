using System.CommandLine;
using Kipuka.Config;
using Kipuka.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kipuka.Cli;

/// <summary><c>kipuka migrate</c>: brings the database to this program's schema, or says what that would do.</summary>
internal sealed class MigrateCommand(Surroundings surroundings) : ICliCommand
{
    public Command Build()
    {
        var command = new CliCommand("migrate", "Apply pending migrations of the database.")
        {
            Details = "With auto_migrate = true in [db] (the default) the server does it itself.",
            Examples =
            [
                "kipuka migrate                # apply",
                "kipuka migrate status         # what is applied, what is pending; changes nothing",
            ],
        };
        var status = new Option<bool>("--status") { Description = "The same as migrate status." };
        command.Add(status);
        SetAction(command, parsed => parsed.GetValue(status));
        command.Add(Sub("run", "Apply pending migrations.", _ => false));
        command.Add(Sub("status", "Say which migrations are applied and which are pending. Changes nothing, and works beside a running server.", _ => true));
        return command;
    }

    private CliCommand Sub(string name, string description, Func<ParseResult, bool> onlyStatus)
    {
        var command = new CliCommand(name, description);
        SetAction(command, onlyStatus);
        return command;
    }

    private void SetAction(Command command, Func<ParseResult, bool> onlyStatus)
    {
        var config = SharedOptions.Config();
        var json = SharedOptions.Json();
        command.Add(config);
        command.Add(json);
        command.SetAction(async (parsed, cancel) =>
        {
            var options = Options(parsed.GetValue(config));
            try
            {
                var migrations = onlyStatus(parsed)
                    ? await Migrator.StatusAsync(options, cancel)
                    : await Migrator.RunAsync(options, surroundings.Clock, NullLogger.Instance, cancel);
                Print(migrations, onlyStatus(parsed), parsed.GetValue(json), parsed.InvocationConfiguration.Output);
            }
            catch (DatabaseException fault)
            {
                throw new CliException(fault.Message);
            }
        });
    }

    private DatabaseOptions Options(string? given)
    {
        var tables = new ConfigTables(surroundings, surroundings.ConfigFile(given));
        var db = tables.Bind<DbConfig>("db");
        var url = DatabaseUrl.Parse(db.Url, tables.Folder, out var problem) ?? throw CliException.Usage($"{tables.File}: [db] url: {problem}");
        return DatabasePlace.Of(db, url, node: null);
    }

    private static void Print(IReadOnlyList<Migration> migrations, bool status, bool asJson, TextWriter output)
    {
        if (asJson)
        {
            JsonText.Write(output, json =>
            {
                json.WriteStartArray();
                foreach (var migration in migrations)
                {
                    json.WriteStartObject();
                    json.WriteNumber("number", migration.Number);
                    json.WriteString("name", migration.Name);
                    if (migration.AppliedAt is { } at) json.WriteString("applied_at", at.UtcDateTime);
                    else json.WriteNull("applied_at");
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            });
            return;
        }
        if (status)
        {
            TextTable.Write(output, ["Migration", "Applied At"], [.. migrations.Select(m => (IReadOnlyList<string>)
                [m.Name, m.AppliedAt is { } at ? $"{at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}" : "(pending)"])]);
            return;
        }
        foreach (var migration in migrations)
        {
            output.WriteLine($"Applied {migration.Name} ({(migration.Took ?? default).TotalMilliseconds:0}ms)");
        }
        output.WriteLine(migrations.Count switch
        {
            0 => "No pending migrations",
            1 => "1 migration applied successfully",
            var count => $"{count} migrations applied successfully",
        });
    }
}
