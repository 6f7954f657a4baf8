using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Kipuka.Interop;

/// <summary>A KDC with a few people, and a server that takes their tickets.</summary>
public sealed class KerberosRealm : IAsyncLifetime
{
    private const string Mapping = """
        [gssapi.principal_mapping]
        "alice@EST.TEST" = "CN=Alice,OU=People,DC=est,DC=test"
        "bob@PARTNER.TEST" = "CN=Bob,OU=Partners,DC=est,DC=test"

        """;

    private Kdc? _kdc;
    private KipukaServer? _server;

    internal Kdc Kdc => _kdc!;

    public KipukaServer Server => _server!;

    public string Keytab { get; private set; } = "";

    /// <summary>The table for this realm's service.</summary>
    public string Table(string more = "", string mapping = Mapping, string service = "HTTP/localhost@EST.TEST")
        => $"[gssapi]\nkeytab = \"{Keytab}\"\nservice_principal = \"{service}\"\n{more}\n{mapping}";

    public async Task InitializeAsync()
    {
        _kdc = await Kdc.StartAsync();
        Keytab = await _kdc.AddServicesAsync("HTTP/localhost", "HTTP/other.est.test");
        await _kdc.AddAsync("alice@EST.TEST", "carol@EST.TEST", "bob@PARTNER.TEST");
        _server = await ServeAsync(Table());
    }

    public async Task DisposeAsync()
    {
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_kdc?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    public Task<KipukaServer> ServeAsync(string table, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var merged = Kdc.Environment;
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            merged[name] = value;
        }
        return KipukaServer.StartAsync(new ServerSetup { More = table, Environment = merged });
    }

    /// <summary>What the journal says of one kind of event: newest last.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Journal(KipukaServer server, string name)
    {
        using var connection = new SqliteConnection($"Data Source={server.DatabaseFile};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT details, actor FROM audit_log WHERE event_type = $name ORDER BY sequence";
        command.Parameters.AddWithValue("$name", name);
        using var row = command.ExecuteReader();
        List<IReadOnlyDictionary<string, string>> records = [];
        while (row.Read())
        {
            var record = JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(0))!;
            record["actor"] = row.IsDBNull(1) ? "" : row.GetString(1);
            records.Add(record);
        }
        return records;
    }
}
