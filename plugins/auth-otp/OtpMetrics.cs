using System.Diagnostics.Metrics;

namespace Kipuka.Plugins.AuthOtp;

/// <summary>What this instance counts.</summary>
internal sealed class OtpMetrics(Meter meter)
{
    public Counter<long> Generated { get; } =
        meter.CreateCounter<long>("kipuka_otp_generated_total", null, "One-time passwords created");

    public Counter<long> Consumed { get; } =
        meter.CreateCounter<long>("kipuka_otp_consumed_total", null, "Uses of one-time passwords spent");

    public Counter<long> Lockouts { get; } =
        meter.CreateCounter<long>("kipuka_otp_lockouts_total", null, "Lockouts of tokens and addresses");

    public Counter<long> Overloads { get; } =
        meter.CreateCounter<long>("kipuka_otp_overloads_total", null, "Requests refused by a full hash queue");
}
