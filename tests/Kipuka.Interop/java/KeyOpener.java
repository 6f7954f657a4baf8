import java.io.FileReader;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.security.PrivateKey;
import java.security.Security;
import java.util.Base64;
import java.util.Collection;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSAuthEnvelopedData;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.cms.jcajce.JceKeyAgreeEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransAuthEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** Opens a server-generated key (RFC 7030 section 4.4.2): KEY-FILE MESSAGE-FILE. Prints the PKCS#8 in base64 after its signature was checked. */
public final class KeyOpener {
    private static final ASN1ObjectIdentifier KEY_PACKAGE = new ASN1ObjectIdentifier("2.16.840.1.101.2.1.2.78.5");

    public static void main(String[] args) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        byte[] message = Files.readAllBytes(Paths.get(args[1]));
        byte[] signedData = open(key(args[0]), message);
        CMSSignedData signed = new CMSSignedData(new ContentInfo(CMSObjectIdentifiers.signedData, ASN1Sequence.getInstance(signedData)));
        if (!signed.getSignedContent().getContentType().equals(KEY_PACKAGE)) {
            throw new IllegalStateException(signed.getSignedContent().getContentType().getId());
        }
        for (SignerInformation signer : signed.getSignerInfos()) {
            Collection<X509CertificateHolder> found = signed.getCertificates().getMatches(signer.getSID());
            if (!signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(found.iterator().next()))) {
                throw new IllegalStateException("signature");
            }
        }
        ASN1Sequence keyPackage = ASN1Sequence.getInstance(signed.getSignedContent().getContent());
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(keyPackage.getObjectAt(0));
        System.out.print(Base64.getEncoder().encodeToString(info.getEncoded()));
    }

    private static byte[] open(PrivateKey key, byte[] message) throws Exception {
        boolean authenticated = ContentInfo.getInstance(message).getContentType().equals(CMSObjectIdentifiers.authEnvelopedData);
        RecipientInformation recipient = authenticated
                ? new CMSAuthEnvelopedData(message).getRecipientInfos().iterator().next()
                : new CMSEnvelopedData(message).getRecipientInfos().iterator().next();
        if (key.getAlgorithm().startsWith("EC")) {
            return recipient.getContent(new JceKeyAgreeEnvelopedRecipient(key).setProvider("BC"));
        }
        return recipient.getContent(authenticated
                ? new JceKeyTransAuthEnvelopedRecipient(key).setProvider("BC")
                : new JceKeyTransEnvelopedRecipient(key).setProvider("BC"));
    }

    private static PrivateKey key(String file) throws Exception {
        try (PEMParser parser = new PEMParser(new FileReader(file))) {
            return new JcaPEMKeyConverter().setProvider("BC").getPrivateKey((PrivateKeyInfo) parser.readObject());
        }
    }
}
