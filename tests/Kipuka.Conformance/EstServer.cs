namespace Kipuka.Conformance;

/// <summary>A running server that a class of tests shares. When it ends, its log must hold no failure of its own: no test may provoke a 500.</summary>
public class EstServer : IAsyncLifetime
{
    public KipukaServer Kipuka { get; private set; } = null!;

    /// <summary>A password that is good for every certificate these tests want.</summary>
    public string Password { get; private set; } = null!;

    protected virtual ServerSetup Setup => new();

    public async Task InitializeAsync()
    {
        Kipuka = await KipukaServer.StartAsync(Setup);
        Password = await Kipuka.CreatePasswordAsync(maxUses: 100_000);
    }

    public async Task DisposeAsync()
    {
        var log = Kipuka.Log;
        await Kipuka.DisposeAsync();
        Assert.DoesNotContain("reference", log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", log, StringComparison.Ordinal);
    }

    public Task<EstAnswer> EnrollAsync(Csr csr, string path = "simpleenroll") => Kipuka.EnrollAsync(csr, Password, path: path);

    /// <summary>Posts a body as application/pkcs10 with the password.</summary>
    public Task<EstAnswer> PostAsync(object body, string path = "simpleenroll", string? contentType = "application/pkcs10")
        => Kipuka.SendAsync(HttpMethod.Post, path, body, contentType, Password);

    /// <summary>Raw request lines and headers, to be completed by <see cref="Wire"/>.</summary>
    public string Post(Csr csr, string path = "/.well-known/est/simpleenroll", string headers = "")
        => $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/pkcs10\r\nAuthorization: Basic {Basic.Of(Password)}\r\n{headers}"
            + $"Content-Length: {csr.Base64.Length}\r\nConnection: close\r\n\r\n{csr.Base64}";
}
