using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using FsCheck;
using FsCheck.Fluent;
using Kipuka.Pki;

namespace Kipuka.Tests.Pki;

/// <summary>Requests and alternative names, generated: what is written is read back, and what is broken is refused and nothing else.</summary>
public class RequestPropertyTests
{
    private static readonly Gen<string> Label = Gen.ArrayOf(Gen.Elements("abcxyz0189".ToCharArray())).Select(c => "h" + new string(c.Take(20).ToArray()));

    private static readonly Gen<string> Text = Gen.NonEmptyListOf(Gen.Frequency((4, Gen.Choose(0x20, 0x7E)), (1, Gen.Choose(0xA0, 0xD7FF))))
        .Select(list => new string([.. list.Take(60).Select(c => (char)c)]));

    private static readonly Gen<GeneralName> Entry = Gen.OneOf(
        Label.Select(name => GeneralName.Dns($"{name}.example")),
        Label.Select(name => GeneralName.Email($"{name}@mail.example")),
        Label.Select(name => GeneralName.Uri($"https://{name}.example/x?y=%20")),
        Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b), 4).Select(bytes => GeneralName.Ip(new IPAddress(bytes))),
        Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b), 16).Select(bytes => GeneralName.Ip(new IPAddress(bytes))),
        Text.Select(name => GeneralName.DirectoryName(DistinguishedName.Create((Oids.CommonName, name)))));

    private static readonly Gen<GeneralNames> Names = Gen.NonEmptyListOf(Entry).Select(list => new GeneralNames(list.Take(20)));

    private static readonly X509KeyUsageFlags[] Flags = [.. Enum.GetValues<X509KeyUsageFlags>().Where(flag => flag != X509KeyUsageFlags.None)];

    private static readonly Gen<Content> Contents =
        from names in Names
        from usage in Gen.NonEmptyListOf(Gen.Elements(Flags)).Select(flags => flags.Aggregate((one, other) => one | other))
        from extended in Gen.NonEmptyListOf(Gen.Elements(Oids.ServerAuth, Oids.ClientAuth, "1.2.3", "2.999.4294967296")).Select(list => list.Distinct().ToArray())
        from password in Text
        select new Content(names, usage, extended, password);

    private sealed record Content(GeneralNames Names, X509KeyUsageFlags Usage, string[] Extended, string Password)
    {
        public byte[] Encode() => Samples.Csr(
            Samples.ExtensionRequest(
                new CertificateExtension(Oids.SubjectAltName, false, Names.Encode()),
                new CertificateExtension(Oids.KeyUsage, true, KeyUsages.Encode(Usage)),
                new CertificateExtension(Oids.ExtKeyUsage, false, Eku.Encode(Extended))),
            (Oids.ChallengePassword, [Samples.Utf8(Password)]));
    }

    [Fact]
    public void What_a_request_says_is_read_back() => Holds(Contents, content =>
    {
        var request = CertificationRequest.Parse(content.Encode());
        return request.RequestedSan!.Equals(content.Names)
            && request.RequestedSan.Encode().SequenceEqual(content.Names.Encode())
            && request.RequestedKeyUsage == content.Usage
            && request.RequestedEkus.SequenceEqual(content.Extended)
            && request.ChallengePassword == content.Password
            && request.VerifySignature();
    });

    [Fact]
    public void A_request_into_which_anything_was_written_is_refused_or_proves_nothing() => Holds(
        from content in Contents
        from at in Gen.Choose(0, 100_000)
        from cut in Gen.Choose(0, 20)
        from written in Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b))
        select (content, at, cut, written),
        all =>
        {
            var (content, at, cut, written) = all;
            var whole = content.Encode();
            at %= whole.Length;
            byte[] changed = [.. whole[..at], .. written, .. whole[Math.Min(at + cut, whole.Length)..]];
            return changed.AsSpan().SequenceEqual(whole) || Refused(() => CertificationRequest.Parse(changed).VerifySignature());
        });

    [Fact]
    public void Names_of_every_kind_are_read_back() => Holds(Names, names =>
    {
        var read = GeneralNames.Parse(names.Encode());
        return read.Equals(names) && read.Encode().SequenceEqual(names.Encode()) && read.Entries.Select(entry => entry.Text).SequenceEqual(names.Entries.Select(entry => entry.Text));
    });

    [Fact]
    public void Names_into_which_anything_was_written_are_read_or_refused() => Holds(
        from names in Names
        from at in Gen.Choose(0, 100_000)
        from value in Gen.Choose(0, 255).Select(b => (byte)b)
        select (names, at, value),
        all =>
        {
            var (names, at, value) = all;
            var changed = names.Encode();
            changed[at % changed.Length] = value;
            return Refused(() =>
            {
                var read = GeneralNames.Parse(changed);
                _ = read.Entries.Select(entry => entry.Problem() + entry.Text).ToList();
                return !GeneralNames.Parse(read.Encode()).Equals(read);
            });
        });

    // True as well where what was read says no.
    private static bool Refused(Func<bool> read)
    {
        try
        {
            return !read();
        }
        catch (MalformedException)
        {
            return true;
        }
    }

    private static void Holds<T>(Gen<T> gen, Func<T, bool> property) => Prop.ForAll(Arb.From(gen), property).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(300));
}
