namespace Kipuka.Plugins.CaPkcs11;

/// <summary>What is known of one vendor's module.</summary>
/// <param name="Name">The product.</param>
/// <param name="FileName">A part of the module's file name that tells it from others.</param>
/// <param name="Linux">Where it usually is; the first is the vendor's default.</param>
/// <param name="MacOs">The same for macOS.</param>
/// <param name="MaxSessions">Sessions that the book gives as its limit; null when there is none to speak of.</param>
/// <param name="Note">What an operator has to know.</param>
internal sealed record Provider(string Name, string FileName, string[] Linux, string[] MacOs, int? MaxSessions, string Note);
