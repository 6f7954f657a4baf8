using Kipuka.Config;

namespace Kipuka.Tests.Config;

public sealed class DatabaseUrlTests
{
    [Theory]
    [InlineData("sqlite:///var/lib/kipuka/kipuka.db", "/var/lib/kipuka/kipuka.db", true)]
    [InlineData("sqlite:///var/lib/kipuka.db?mode=rwc", "/var/lib/kipuka.db", true)]
    [InlineData("sqlite://kipuka-dev.db?mode=rwc", "/etc/kipuka/kipuka-dev.db", true)]
    [InlineData("sqlite://data/../kipuka.db", "/etc/kipuka/kipuka.db", true)]
    [InlineData("sqlite://kipuka.db?mode=rw", "/etc/kipuka/kipuka.db", false)]
    [InlineData("SQLite://kipuka.db", "/etc/kipuka/kipuka.db", true)]
    [InlineData("sqlite://:memory:", null, true)]
    [InlineData("sqlite://x?mode=memory", null, true)]
    public void Sqlite_urls_name_a_file_or_memory(string url, string? file, bool mayCreate)
    {
        var database = DatabaseUrl.Parse(url, "/etc/kipuka", out var problem);
        Assert.Equal("", problem);
        Assert.Equal((file, mayCreate), (database!.File, database.MayCreate));
        Assert.Equal($"sqlite://{file ?? ":memory:"}", database.Redacted);
    }

    [Theory]
    [InlineData("postgres://kipuka:secret@db.example.com:5432/kipuka?sslmode=require", "postgres", "db.example.com", 5432, "secret", "require", null)]
    [InlineData("postgresql://kipuka:secret@db/kipuka", "postgres", "db", 5432, "secret", "prefer", null)]
    [InlineData("mysql://kipuka:secret@galera1.example.com:3306/kipuka", "mariadb", "galera1.example.com", 3306, "secret", "prefer", null)]
    [InlineData("mariadb://kipuka@[::1]/kipuka?ssl-mode=VERIFY_IDENTITY", "mariadb", "::1", 3306, null, "verify-full", null)]
    [InlineData("postgres://kipuka:a@b:c/d?e#f@db:1/kipuka", "postgres", "db", 1, "a@b:c/d?e#f", "prefer", null)]
    [InlineData("postgres://kipuka:p%40%25@db/kipuka", "postgres", "db", 5432, "p@%", "prefer", null)]
    [InlineData("postgres://kipuka:@db/kipuka?sslrootcert=ca.pem", "postgres", "db", 5432, "", "verify-full", "/etc/kipuka/ca.pem")]
    [InlineData("postgres://kipuka:x@db/kipuka?sslmode=require&sslrootcert=/ca.pem", "postgres", "db", 5432, "x", "verify-ca", "/ca.pem")]
    [InlineData("postgres://kipuka:x@db/kipuka?sslmode=verify-full&sslrootcert=/ca.pem", "postgres", "db", 5432, "x", "verify-full", "/ca.pem")]
    public void Server_urls_name_a_database(string url, string engine, string host, int port, string? password, string tls, string? root)
    {
        var database = DatabaseUrl.Parse(url, "/etc/kipuka", out var problem);
        Assert.Equal("", problem);
        var server = database!.Server!;
        Assert.Equal(
            (engine, host, port, "kipuka", "kipuka", password, tls, root),
            (server.Engine, server.Host, server.Port, server.Database, server.User, server.Password, server.Tls, server.RootCertificate));
        Assert.Equal($"{server.Scheme}://{(host == "::1" ? "[::1]" : host)}:{port}/kipuka", database.Redacted);
    }

    [Theory]
    [InlineData("postgres://kipuka:hunter2@db", "is not postgres://user:password@host:port/database")]
    [InlineData("postgres://kipuka:hunter2@/kipuka", "is not postgres://")]
    [InlineData("mysql://kipuka:hunter2@db:x/kipuka", "is not mysql://")]
    [InlineData("mysql://kipuka:hunter2@db:0/kipuka", "port 0")]
    [InlineData("mysql://kipuka:hunter2@db:99999/kipuka", "port 99999")]
    [InlineData("postgres://db/kipuka", "names no user")]
    [InlineData("postgres://:hunter2@db/kipuka", "names no user")]
    [InlineData("postgres://kipuka:hunter2%zz@db/kipuka", "% in the password")]
    [InlineData("postgres://kip%uka:hunter2@db/kipuka", "% in the user")]
    [InlineData("postgres://kipuka:hunter2@db/kipuka?sslmode=maybe", "sslmode that is none of disable, prefer")]
    [InlineData("postgres://kipuka:hunter2@db/kipuka?max_connections=5", "keys of [db]")]
    public void A_server_url_that_is_wrong_is_refused_without_its_password(string url, string message)
    {
        Assert.Null(DatabaseUrl.Parse(url, "/", out var problem));
        Assert.Contains(message, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mongodb://x", "must begin with")]
    [InlineData("kipuka.db", "must begin with")]
    [InlineData("", "must begin with")]
    [InlineData("sqlite://", "names no file")]
    [InlineData("sqlite://?mode=rwc", "names no file")]
    [InlineData("sqlite://x?mode=ro", "read-only")]
    [InlineData("sqlite://x?cache=shared", "parameter other than")]
    [InlineData("sqlite://x?mode=rwc&cache=shared", "parameter other than")]
    public void Anything_else_is_refused(string url, string message)
    {
        Assert.Null(DatabaseUrl.Parse(url, "/", out var problem));
        Assert.Contains(message, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://kipuka:hunter2@db:5432/kipuka?sslmode=require", "postgres://db:5432/kipuka")]
    [InlineData("postgres://kipuka:hun/ter@2?@db/kipuka?password=hunter2", "postgres://db/kipuka")]
    [InlineData("mysql://db/kipuka?password=hunter2", "mysql://db/kipuka")]
    [InlineData("hunter2", "(database)")]
    public void Redacted_urls_show_neither_user_nor_password(string url, string shown) => Assert.Equal(shown, DatabaseUrl.Redact(url));
}
