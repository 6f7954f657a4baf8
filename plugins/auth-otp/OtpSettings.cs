using Kipuka.Sdk;

namespace Kipuka.Plugins.AuthOtp;

/// <summary>The keys of <c>[otp]</c>. Those about tokens are defaults: who creates one may ask for something else.</summary>
public sealed record OtpSettings
{
    private const double TenYears = 10 * 365 * 86400.0;
    private const double ThirtyDays = 30 * 86400.0;

    /// <summary>Whether passwords are made and accepted.</summary>
    public bool Enabled { get; init; }

    /// <summary>Characters of secret in a token, behind its public selector.</summary>
    [Setting(Min = 16, Max = 64)]
    public int TokenLength { get; init; } = 20;

    /// <summary>How long a token is valid.</summary>
    [Setting(Min = 1, Max = TenYears)]
    public TimeSpan DefaultTtl { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How many certificates a token is good for.</summary>
    [Setting(Aliases = ["max_usage"], Min = 1, Max = 1_000_000)]
    public int MaxUses { get; init; } = 1;

    /// <summary>How secrets of new tokens are hashed. Older tokens keep the hash they have.</summary>
    [Setting(OneOf = [SecretHash.Argon2id, SecretHash.Bcrypt, SecretHash.Hmac])]
    public string HashAlgorithm { get; init; } = SecretHash.Argon2id;

    /// <summary>Wrong secrets for one token within <see cref="FailureWindow"/> that lock it.</summary>
    [Setting(Min = 1, Max = 1000)]
    public int MaxFailures { get; init; } = 5;

    /// <summary>How long a wrong secret counts.</summary>
    [Setting(Min = 1, Max = ThirtyDays)]
    public TimeSpan FailureWindow { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a lockout lasts.</summary>
    [Setting(Min = 1, Max = ThirtyDays)]
    public TimeSpan LockoutDuration { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Wrong secrets and unknown tokens from one address within <see cref="FailureWindow"/> that lock the address.</summary>
    [Setting(Min = 1, Max = 1000)]
    public int MaxFailuresPerAddress { get; init; } = 50;

    /// <summary>Secrets hashed at the same time; absent means half the cores. Each takes 19 MiB with argon2id.</summary>
    [Setting(Min = 1, Max = 64)]
    public int? HashParallelism { get; init; }

    /// <summary>Requests that may wait for a hash; one more is answered 503.</summary>
    [Setting(Min = 1, Max = 128)]
    public int HashQueue { get; init; } = 64;
}
