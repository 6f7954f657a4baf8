namespace Kipuka.Plugins.CaPkcs11.Cryptoki;

/// <summary>A mechanism with its parameters, ready to be passed as CK_MECHANISM any number of times, by any number of threads.</summary>
internal sealed class Mechanism
{
    // The structure points into it.
    private readonly byte[] parameters;

    public Mechanism(uint id, ReadOnlySpan<byte> parameters = default)
    {
        Id = id;
        this.parameters = GC.AllocateArray<byte>(parameters.Length, pinned: true);
        parameters.CopyTo(this.parameters);
        Structure = Template.Triple(id, this.parameters);
    }

    public uint Id { get; }

    /// <summary>CK_MECHANISM; pinned.</summary>
    public byte[] Structure { get; }

    /// <summary>With CK_RSA_PKCS_PSS_PARAMS: hash, mask generation, length of the salt.</summary>
    public static Mechanism Pss(uint id, uint hash, uint mgf, uint saltLength)
    {
        var layout = Layout.Native;
        return new Mechanism(id, [.. layout.Number(hash), .. layout.Number(mgf), .. layout.Number(saltLength)]);
    }
}
