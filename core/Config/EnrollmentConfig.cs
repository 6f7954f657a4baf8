using Kipuka.Sdk;

namespace Kipuka.Config;

/// <summary><c>[enrollment]</c>: the unlabelled path, and the default of every label (ruling 19).</summary>
internal sealed record EnrollmentConfig
{
    public bool RequireProofOfPossession { get; init; } = true;

    public IReadOnlyList<string>? AllowedKeyTypes { get; init; }

    public IReadOnlyList<string>? AllowedSignatureAlgorithms { get; init; }

    [Setting(Min = 1, Max = 36500)]
    public int? MaxValidityDays { get; init; }

    /// <summary>Null: false for the unlabelled path, true for labels.</summary>
    public bool? RequireSan { get; init; }

    /// <summary>What becomes of a certificate that was renewed: <see cref="Config.RevokePrevious"/>.</summary>
    public string RevokePrevious { get; init; } = Config.RevokePrevious.None;
}
