using System.Diagnostics.CodeAnalysis;

namespace Kipuka.Sdk;

// Four conventions hold for every contract of this SDK; the conformance kit (Kipuka.Sdk.Tck) tests them.
//
//   Threads  Every member may be called concurrently, and from any thread, unless it says otherwise. Nothing may block a thread on I/O.
//   Time     Durations are TimeSpan, instants are DateTimeOffset in UTC, and the only clock is IPluginHost.Clock.
//   Errors   An answer is a value (Refused, Rejected, Exhausted); a fault is an exception. A cancelled call ends within 2 seconds: it throws
//            OperationCanceledException and leaves nothing half done, or gives its answer when it was done before it noticed.
//   Bytes    ASN.1 travels as DER, never as PEM or base64; text travels as UTF-8. Integers that are serial numbers are big-endian and unsigned.

/// <summary>A plugin: what turns one table of kipuka.toml into one running service.</summary>
/// <remarks>
/// Do not derive from this class but from <see cref="Plugin{TService, TSettings}"/>. One object is made per configured instance, by the
/// public parameterless constructor; constructors must not do any work.
/// </remarks>
public abstract class Plugin
{
    private protected Plugin()
    {
    }

    internal abstract Type ServiceType { get; }

    internal abstract Type SettingsType { get; }

    internal abstract IEnumerable<SettingsProblem> CheckSettings(object settings);

    internal abstract ValueTask<IAsyncDisposable> StartServiceAsync(object settings, IPluginHost host, CancellationToken cancel);
}

/// <summary>A plugin whose service implements one of the five contracts.</summary>
/// <typeparam name="TService">
/// The contract: <c>ICertificateAuthority</c>, <c>IAuthenticator</c>, <c>ITransport</c>, <c>IHaStrategy</c> or <c>IAuditSink</c>.
/// </typeparam>
/// <typeparam name="TSettings">
/// A record with a public parameterless constructor. Its properties are the keys of the plugin's table: <c>MaxUses</c> is <c>max_uses</c>.
/// A <c>required</c> property is a mandatory key, an initialiser is the default. See <see cref="SettingAttribute"/> for types and limits.
/// </typeparam>
public abstract class Plugin<TService, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TSettings> : Plugin
    where TService : class, IAsyncDisposable
    where TSettings : class
{
    /// <summary>Finds what is wrong with the settings beyond types and ranges, without any side effect.</summary>
    /// <remarks>Called by <c>kipuka check</c> and before every start. It must not open sockets, write files or need the network.</remarks>
    /// <returns>One problem per thing an operator has to mend; none when the settings can work.</returns>
    public virtual IEnumerable<SettingsProblem> Check(TSettings settings) => [];

    /// <summary>Starts the service. Its <c>DisposeAsync</c> is the stop.</summary>
    /// <remarks>
    /// <para>Throw to refuse: the message is shown to the operator, so it says what is wrong and what to do. The old service may still run
    /// while the new one starts (a reload), so take nothing exclusively that a second start would need.</para>
    /// <para>Throw a <see cref="System.Security.Authentication.AuthenticationException"/> when credentials were refused and another try would do harm: the
    /// process then ends with exit code 2, after which no supervisor should start it again.</para>
    /// <para>The host calls <c>DisposeAsync</c> once; a second call does nothing. What is called after it throws
    /// <see cref="ObjectDisposedException"/> and waits for nothing. Only <c>IHaStrategy.Order</c>, which has no state, may go on to answer.</para>
    /// </remarks>
    /// <param name="settings">The bound settings. They stay valid until the service has been disposed.</param>
    /// <param name="host">The host's services for this instance. Valid until the service has been disposed.</param>
    /// <param name="cancel">Cancelled when the start takes longer than the host allows (30 seconds).</param>
    public abstract ValueTask<TService> StartAsync(TSettings settings, IPluginHost host, CancellationToken cancel);

    internal sealed override Type ServiceType => typeof(TService);

    internal sealed override Type SettingsType => typeof(TSettings);

    internal sealed override IEnumerable<SettingsProblem> CheckSettings(object settings) => Check((TSettings)settings);

    internal sealed override async ValueTask<IAsyncDisposable> StartServiceAsync(object settings, IPluginHost host, CancellationToken cancel)
        => await StartAsync((TSettings)settings, host, cancel);
}
