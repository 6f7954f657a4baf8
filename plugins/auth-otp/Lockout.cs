using System.Net;
using System.Text.Json;
using Kipuka.Sdk;

namespace Kipuka.Plugins.AuthOtp;

/// <summary>Counts wrong secrets in the shared store, so that a lockout holds on every node and across restarts.</summary>
internal sealed class Lockout(OtpSettings settings, IPluginHost host, StoreUpdates updates)
{
    public static string KeyOf(string selector) => $"failures/{selector}";

    /// <summary>An IPv6 address counts with its whole /64: one host can have every address in it (RFC 4291 section 2.5.4).</summary>
    public static string KeyOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }
        var bytes = address.GetAddressBytes();
        return $"address/{Convert.ToHexStringLower(bytes.AsSpan(0, Math.Min(bytes.Length, 8)))}";
    }

    /// <summary>What is left of the lockout; null when there is none.</summary>
    public async ValueTask<TimeSpan?> RemainingAsync(string key, CancellationToken cancel)
        => Read(await host.Store.GetAsync(key, cancel)).Remaining(host.Clock.GetUtcNow());

    /// <summary>Counts one failure; true when it is this failure that begins a lockout, which is recorded with it.</summary>
    public ValueTask<bool> CountAsync(string key, int limit, Func<DateTimeOffset, AuditNote> begun, CancellationToken cancel) => updates.UpdateAsync(
        key,
        stored =>
        {
            var now = host.Clock.GetUtcNow();
            var before = Read(stored);
            var after = before.Count(now, limit, settings.FailureWindow, settings.LockoutDuration);
            if (ReferenceEquals(before, after))
            {
                return (null, null, false);
            }
            var expires = after.LockedUntil ?? now + settings.FailureWindow;
            var value = JsonSerializer.SerializeToUtf8Bytes(after, OtpJson.Default.FailureLog);
            var note = after.LockedUntil is { } until ? begun(until) : null;
            return (new StoreWrite(key, value, stored?.Version ?? 0, expires), note, note is not null);
        },
        cancel);

    /// <summary>Forgets the failures after a success, unless a lockout has begun meanwhile.</summary>
    /// <returns>What is left of that lockout; null when there is none.</returns>
    public ValueTask<TimeSpan?> ClearAsync(string key, CancellationToken cancel) => updates.UpdateAsync<TimeSpan?>(
        key,
        stored => Read(stored).Remaining(host.Clock.GetUtcNow()) is { } remaining
            ? (null, null, remaining)
            : (stored is null ? null : new StoreWrite(key, null, stored.Version), null, null),
        cancel);

    private static FailureLog Read(StoredValue? stored) => stored is null
        ? FailureLog.Empty
        : JsonSerializer.Deserialize(stored.Value.Span, OtpJson.Default.FailureLog)
            ?? throw new InvalidDataException($"The failure count {stored.Key} in the store is not readable.");
}
