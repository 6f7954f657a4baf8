using Kipuka.Auth;
using Kipuka.Enroll;
using Kipuka.Enroll.Cmc;
using Kipuka.Ha;
using Kipuka.Policy;
using Kipuka.Sdk.Transport;

namespace Kipuka.Est;

/// <summary>Everything that one label (or the unlabelled path) answers with, made ready when the generation was built.</summary>
internal sealed record EstLabel(
    string Name,
    LabelPolicy Policy,
    CaGroup Group,
    AuthChain Auth,
    EnrollPipeline Pipeline,
    FullCmc? Cmc,
    IReadOnlySet<EstOperation> Operations,
    PublishedChains CaCerts,
    ReadOnlyMemory<byte> CsrAttributes,
    bool CsrAttributesNeedAuth);
