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
        var database = DatabaseUrl.Parse(url, "/etc/kipuka", out _, out var problem);
        Assert.Equal("", problem);
        Assert.Equal((file, mayCreate), (database!.File, database.MayCreate));
        Assert.Equal($"sqlite://{file ?? ":memory:"}", database.Redacted);
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("postgresql")]
    [InlineData("mysql")]
    [InlineData("mariadb")]
    public void Servers_are_not_available_yet(string scheme)
    {
        Assert.Null(DatabaseUrl.Parse($"{scheme}://kipuka:hunter2@db/kipuka", "/", out var code, out var problem));
        Assert.Equal("not-available", code);
        Assert.Contains(scheme, problem, StringComparison.Ordinal);
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
        Assert.Null(DatabaseUrl.Parse(url, "/", out var code, out var problem));
        Assert.Equal("bad-value", code);
        Assert.Contains(message, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://kipuka:hunter2@db:5432/kipuka?sslmode=require", "postgres://db:5432/kipuka")]
    [InlineData("postgres://kipuka:hun/ter@2?@db/kipuka?password=hunter2", "postgres://db/kipuka")]
    [InlineData("mysql://db/kipuka?password=hunter2", "mysql://db/kipuka")]
    [InlineData("hunter2", "(database)")]
    public void Redacted_urls_show_neither_user_nor_password(string url, string shown) => Assert.Equal(shown, DatabaseUrl.Redact(url));
}
