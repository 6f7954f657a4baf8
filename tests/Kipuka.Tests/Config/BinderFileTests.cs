using System.Text;

namespace Kipuka.Tests.Config;

public sealed class BinderFileTests : IDisposable
{
    private readonly BinderFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public void Relative_paths_start_at_the_configuration()
    {
        var path = fixture.Write("a.pem", "content");
        var file = fixture.Bind("file = 'a.pem'").File!;
        Assert.Equal((path, "content"), (file.Path, Encoding.UTF8.GetString(file.Bytes.Span)));
    }

    [Fact]
    public void One_path_or_several()
    {
        fixture.Write("a.pem", "a");
        fixture.Write("b.pem", "b");
        Assert.Single(fixture.Bind("anchors = 'a.pem'").Anchors!);
        Assert.Equal(2, fixture.Bind("anchors = ['a.pem', 'b.pem']").Anchors!.Count);
        Assert.Equal("2:21 missing-file t.anchors[1]: DIR/c.pem does not exist; put the file there or name the right one", fixture.Problem("anchors = ['a.pem', 'c.pem']"));
    }

    [Fact]
    public void What_is_no_readable_file_is_said()
    {
        Directory.CreateDirectory(Path.Combine(fixture.Folder, "folder"));
        fixture.Write("large", new string('x', (4 << 20) + 1));
        Assert.Equal("2:8 missing-file t.file: DIR/none does not exist; put the file there or name the right one", fixture.Problem("file = 'none'"));
        Assert.Equal("2:8 missing-file t.file: DIR/none/a does not exist; put the file there or name the right one", fixture.Problem("file = 'none/a'"));
        Assert.Equal("2:8 bad-file t.file: DIR/folder is a folder; name a file in it", fixture.Problem("file = 'folder'"));
        Assert.StartsWith("2:8 bad-file t.file: DIR/large is larger than 4 MiB", fixture.Problem("file = 'large'"), StringComparison.Ordinal);
        Assert.StartsWith("2:8 bad-value t.file: is the content of a file", fixture.Problem("file = '-----BEGIN CERTIFICATE-----'"), StringComparison.Ordinal);
        Assert.StartsWith("2:8 bad-value t.file: has a NUL", fixture.Problem("file = \"a\\u0000b\""), StringComparison.Ordinal);
        Assert.StartsWith("2:8 wrong-type t.file: is an integer", fixture.Problem("file = 1"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_just_the_limit_is_read()
    {
        fixture.Write("large", new string('x', 4 << 20));
        Assert.Equal(4 << 20, fixture.Bind("file = 'large'").File!.Bytes.Length);
    }

    [Fact]
    public void A_device_that_never_ends_is_too_large()
        => Assert.Contains("larger than 4 MiB", fixture.Problem("file = '/dev/zero'"), StringComparison.Ordinal);

    [Theory]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_secret_that_others_can_reach_is_refused(UnixFileMode others)
    {
        var path = fixture.Write("key.pem", "secret", UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        Assert.Equal("2:12 insecure-file t.key_file: DIR/key.pem can be read or changed by everybody; run: chmod o= DIR/key.pem", fixture.Problem("key_file = 'key.pem'"));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.True(fixture.Bind("key_file = 'key.pem'").KeyFile!.Content.Matches("secret"u8));
    }

    [Fact]
    public void A_certificate_may_be_read_by_all()
    {
        fixture.Write("cert.pem", "public", UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Equal(6, fixture.Bind("file = 'cert.pem'").File!.Bytes.Length);
    }

    [Fact]
    public void The_command_can_be_pasted()
    {
        fixture.Write("it's mine", "secret", UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.EndsWith("run: chmod o= 'DIR/it'\\''s mine'", fixture.Problem("key_file = \"it's mine\""), StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_out_of_the_environment_is_not_shown()
    {
        // Somebody passed the key itself where its path belongs.
        var problem = fixture.Problem("key_file = '${KEY}'", ("KEY", "hunter2"));
        Assert.Equal("2:12 missing-file t.key_file: ${KEY} does not exist; put the file there or name the right one", problem);
    }

    [Fact]
    public void Secrets_are_zeroed_with_the_settings()
    {
        fixture.Write("key.pem", "secret");
        var (bound, _) = fixture.Try("[t]\nkey_file = 'key.pem'\npin = '1234'", [], "t");
        var all = (Everything)bound!.Value;
        bound.Dispose();
        Assert.Throws<ObjectDisposedException>(() => all.KeyFile!.Content.Matches(default));
        Assert.Throws<ObjectDisposedException>(() => all.Pin!.Matches(default));
        Assert.DoesNotContain("1234", bound.ToString(), StringComparison.Ordinal);
    }
}
