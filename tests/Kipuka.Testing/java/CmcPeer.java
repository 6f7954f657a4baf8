import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.cmc.BodyPartID;
import org.bouncycastle.asn1.cmc.CMCFailInfo;
import org.bouncycastle.asn1.cmc.CMCObjectIdentifiers;
import org.bouncycastle.asn1.cmc.CMCStatusInfoV2;
import org.bouncycastle.asn1.cmc.GetCert;
import org.bouncycastle.asn1.cmc.LraPopWitness;
import org.bouncycastle.asn1.cmc.PKIResponse;
import org.bouncycastle.asn1.cmc.RevokeRequest;
import org.bouncycastle.asn1.cmc.TaggedAttribute;
import org.bouncycastle.asn1.cmc.TaggedCertificationRequest;
import org.bouncycastle.asn1.cmc.TaggedRequest;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.crmf.CertId;
import org.bouncycastle.asn1.crmf.SubsequentMessage;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.crmf.Control;
import org.bouncycastle.cert.crmf.RegTokenControl;
import org.bouncycastle.cert.crmf.jcajce.JcaCertificateRequestMessageBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.bouncycastle.util.encoders.Hex;

/**
 * Makes Full PKI Requests (RFC 5272) with Bouncy Castle, and reads answers with it. Lines come in, words apart by tabs; "go" writes the message in
 * base64, "read" what an answer says; anything that fails writes a line that begins with "error".
 */
public final class CmcPeer {
    private static final char[] STORE_PASSWORD = "peer".toCharArray();
    private static final List<String> ANSWERS = List.of("go", "bare", "read", "post");

    private final Map<String, KeyPair> keys = new HashMap<>();
    private final Map<String, X509CertificateHolder> certificates = new HashMap<>();
    private Description now = new Description();

    private static final class Description {
        final ASN1EncodableVector controls = new ASN1EncodableVector();
        final ASN1EncodableVector requests = new ASN1EncodableVector();
        final ASN1EncodableVector objects = new ASN1EncodableVector();
        final ASN1EncodableVector others = new ASN1EncodableVector();
        final List<X509CertificateHolder> beside = new ArrayList<>();
        final List<String[]> signers = new ArrayList<>();
        ASN1ObjectIdentifier type = CMCObjectIdentifiers.id_cct_PKIData;
        byte[] content;
        boolean der;
        boolean tamper;
    }

    public static void main(String[] args) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        CmcPeer peer = new CmcPeer();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String fault = null;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split("\t", -1);
            String said = null;
            try {
                said = fault == null ? peer.run(words) : fault;
            } catch (Exception wrong) {
                fault = "error " + words[0] + ": " + wrong;
                said = fault;
            }
            if (ANSWERS.contains(words[0])) {
                System.out.println(said);
                System.out.println("end");
                System.out.flush();
                peer.now = new Description();
                fault = null;
            }
        }
    }

    private String run(String[] w) throws Exception {
        switch (w[0]) {
            case "key": // NAME ec|rsa
                keys.put(w[1], generate(w[2]));
                return "";
            case "load": // NAME BASE64-OF-PKCS12: a key and its certificate
                load(w[1], Base64.getDecoder().decode(w[2]));
                return "";
            case "cert": // NAME BASE64: a certificate alone
                certificates.put(w[1], new X509CertificateHolder(Base64.getDecoder().decode(w[2])));
                return "";
            case "pkcs10": // PART KEY SUBJECT options: dns=X ski challenge=X signer=KEY alg=X
                now.requests.add(new TaggedRequest(new TaggedCertificationRequest(
                        part(w[1]), org.bouncycastle.asn1.cmc.CertificationRequest.getInstance(pkcs10(w).toASN1Structure()))));
                return "";
            case "crmf": // PART KEY SUBJECT options: dns=X pop=sign|ra|none|encipher|sender signer=KEY from=S to=S regtoken=X old=NAME
                now.requests.add(new TaggedRequest(crmf(w)));
                return "";
            case "rawrequest": // HEX: a TaggedRequest
                now.requests.add(ASN1Primitive.fromByteArray(Hex.decode(w[1])));
                return "";
            case "orm": // PART
                now.requests.add(new DERTaggedObject(false, 2, new DERSequence(new ASN1Encodable[] {
                    new ASN1Integer(new BigInteger(w[1])), new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"), DERNull.INSTANCE })));
                return "";
            case "octets": // PART OID HEX
                control(w[1], w[2], new DEROctetString(Hex.decode(w[3])));
                return "";
            case "integer": // PART OID NUMBER
                control(w[1], w[2], new ASN1Integer(new BigInteger(w[3])));
                return "";
            case "text": // PART OID TEXT
                control(w[1], w[2], new DERUTF8String(w[3]));
                return "";
            case "der": // PART OID HEX...
                control(w);
                return "";
            case "witness": // PART REQUEST...
                witness(w);
                return "";
            case "revoke": // PART ISSUER-OF NAME, SERIAL HEX, REASON [SECRET]
                control(w[1], "1.3.6.1.5.5.7.7.17", new RevokeRequest(
                        issuer(w[2]), new ASN1Integer(new BigInteger(w[3], 16)), CRLReason.lookup(Integer.parseInt(w[4])),
                        new ASN1GeneralizedTime(new Date()), w.length > 5 ? new DEROctetString(w[5].getBytes(StandardCharsets.UTF_8)) : null,
                        new DERUTF8String("a comment")));
                return "";
            case "getcert": // PART ISSUER-OF NAME, SERIAL HEX
                control(w[1], "1.3.6.1.5.5.7.7.15", new GetCert(new GeneralName(issuer(w[2])), new BigInteger(w[3], 16)));
                return "";
            case "accept": // PART ISSUER-OF NAME, SERIAL HEX
                control(w[1], "1.3.6.1.5.5.7.7.24", new IssuerAndSerialNumber(issuer(w[2]), new BigInteger(w[3], 16)));
                return "";
            case "object": // PART: a TaggedContentInfo that nothing refers to
                now.objects.add(new DERSequence(new ASN1Encodable[] { part(w[1]), new DERSequence(new ASN1Encodable[] {
                    PKCSObjectIdentifiers.data, new DERTaggedObject(true, 0, new DEROctetString(new byte[] { 1 })) }) }));
                return "";
            case "other": // PART: an OtherMsg that nothing refers to
                now.others.add(new DERSequence(new ASN1Encodable[] { part(w[1]), PKCSObjectIdentifiers.data, DERNull.INSTANCE }));
                return "";
            case "content": // HEX: instead of a PKIData
                now.content = Hex.decode(w[1]);
                return "";
            case "type": // OID of the content
                now.type = new ASN1ObjectIdentifier(w[1]);
                return "";
            case "beside": // NAME: a further certificate
                now.beside.add(certificates.get(w[1]));
                return "";
            case "sign": // NAME options: ski bykey=REQUEST-KEY alg=X direct bare none
                now.signers.add(w);
                return "";
            case "tamper":
                now.tamper = true;
                return "";
            case "definite":
                now.der = true;
                return "";
            case "go":
                return Base64.getEncoder().encodeToString(message());
            case "bare": // the PKIData alone, for another signer
                return Base64.getEncoder().encodeToString(content());
            case "post": // URL CA-NAME CLIENT-NAME BASE64: sends the message and reads the answer
                return post(w[1], certificates.get(w[2]), w[3], w[4]);
            case "read": // BASE64
                return read(Base64.getDecoder().decode(w[1]));
            default:
                throw new IllegalArgumentException(w[0]);
        }
    }

    private static KeyPair generate(String type) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(type.startsWith("ec") ? "EC" : "RSA");
        if (type.equals("ec")) {
            generator.initialize(new ECGenParameterSpec("secp256r1"));
        } else if (type.equals("ec384")) {
            generator.initialize(new ECGenParameterSpec("secp384r1"));
        } else {
            generator.initialize(2048);
        }
        return generator.generateKeyPair();
    }

    private void load(String name, byte[] pkcs12) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new ByteArrayInputStream(pkcs12), STORE_PASSWORD);
        String alias = store.aliases().nextElement();
        X509Certificate certificate = (X509Certificate) store.getCertificate(alias);
        certificates.put(name, new JcaX509CertificateHolder(certificate));
        keys.put(name, new KeyPair(certificate.getPublicKey(), (PrivateKey) store.getKey(alias, STORE_PASSWORD)));
    }

    private org.bouncycastle.pkcs.PKCS10CertificationRequest pkcs10(String[] w) throws Exception {
        KeyPair pair = keys.get(w[2]);
        JcaPKCS10CertificationRequestBuilder builder = new JcaPKCS10CertificationRequestBuilder(new X500Name(w[3]), pair.getPublic());
        ExtensionsGenerator extensions = extensions(w, pair);
        if (!extensions.isEmpty()) {
            builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
        }
        if (option(w, "challenge") != null) {
            builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_challengePassword, new DERPrintableString(option(w, "challenge")));
        }
        return builder.build(signer(w, pair));
    }

    private org.bouncycastle.asn1.crmf.CertReqMsg crmf(String[] w) throws Exception {
        KeyPair pair = keys.get(w[2]);
        JcaCertificateRequestMessageBuilder builder = new JcaCertificateRequestMessageBuilder(new BigInteger(w[1]));
        builder.setSubject(new X500Name(w[3]));
        builder.setPublicKey(pair.getPublic());
        ExtensionsGenerator extensions = extensions(w, pair);
        if (!extensions.isEmpty()) {
            for (ASN1ObjectIdentifier oid : extensions.generate().getExtensionOIDs()) {
                Extension extension = extensions.generate().getExtension(oid);
                builder.addExtension(oid, extension.isCritical(), extension.getParsedValue());
            }
        }
        if (option(w, "to") != null) {
            String from = option(w, "from");
            builder.setValidity(from == null ? null : seconds(from), seconds(option(w, "to")));
        }
        if (option(w, "serial") != null) {
            builder.setSerialNumber(new BigInteger(option(w, "serial")));
        }
        if (option(w, "regtoken") != null) {
            builder.addControl(new RegTokenControl(option(w, "regtoken")));
        }
        if (option(w, "old") != null) {
            X509CertificateHolder old = certificates.get(option(w, "old"));
            CertId id = new CertId(new GeneralName(old.getIssuer()), old.getSerialNumber());
            builder.addControl(new Control() {
                public ASN1ObjectIdentifier getType() {
                    return new ASN1ObjectIdentifier("1.3.6.1.5.5.7.5.1.5");
                }

                public ASN1Encodable getValue() {
                    return id;
                }
            });
        }
        String pop = option(w, "pop") == null ? "sign" : option(w, "pop");
        switch (pop) {
            case "sender":
                builder.setAuthInfoSender(new X500Name("CN=sender"));
                builder.setProofOfPossessionSigningKeySigner(signer(w, pair));
                break;
            case "sign":
                builder.setProofOfPossessionSigningKeySigner(signer(w, pair));
                break;
            case "ra":
                builder.setProofOfPossessionRaVerified();
                break;
            case "encipher":
                builder.setProofOfPossessionSubsequentMessage(SubsequentMessage.encrCert);
                break;
            default:
                break;
        }
        return builder.build().toASN1Structure();
    }

    private static Date seconds(String text) {
        return new Date(System.currentTimeMillis() / 1000 * 1000 + 1000 * Long.parseLong(text));
    }

    private static ExtensionsGenerator extensions(String[] w, KeyPair pair) throws Exception {
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        List<GeneralName> names = new ArrayList<>();
        for (String word : w) {
            if (word.startsWith("dns=")) {
                names.add(new GeneralName(GeneralName.dNSName, word.substring(4)));
            }
            if (word.equals("ca")) {
                extensions.addExtension(Extension.basicConstraints, true, new org.bouncycastle.asn1.x509.BasicConstraints(true));
            }
        }
        if (!names.isEmpty()) {
            extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(new GeneralName[0])));
        }
        if (has(w, "ski")) {
            extensions.addExtension(Extension.subjectKeyIdentifier, false, identifier(pair));
        }
        return extensions;
    }

    private static SubjectKeyIdentifier identifier(KeyPair pair) throws Exception {
        return new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic());
    }

    private ContentSigner signer(String[] w, KeyPair own) throws Exception {
        KeyPair pair = option(w, "signer") == null ? own : keys.get(option(w, "signer"));
        return new JcaContentSignerBuilder(algorithm(w, pair)).build(pair.getPrivate());
    }

    private static String algorithm(String[] w, KeyPair pair) {
        String given = option(w, "alg");
        return given != null ? given : pair.getPrivate().getAlgorithm().startsWith("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    }

    private static BodyPartID part(String number) {
        return new BodyPartID(Long.parseLong(number));
    }

    private void control(String part, String oid, ASN1Encodable value) {
        now.controls.add(new TaggedAttribute(part(part), new ASN1ObjectIdentifier(oid), new DERSet(value)));
    }

    private void control(String[] w) throws Exception {
        ASN1EncodableVector values = new ASN1EncodableVector();
        for (int i = 3; i < w.length; i++) {
            values.add(ASN1Primitive.fromByteArray(Hex.decode(w[i])));
        }
        now.controls.add(new TaggedAttribute(part(w[1]), new ASN1ObjectIdentifier(w[2]), new DERSet(values)));
    }

    private void witness(String[] w) {
        ASN1EncodableVector ids = new ASN1EncodableVector();
        for (int i = 2; i < w.length; i++) {
            ids.add(part(w[i]));
        }
        control(w[1], "1.3.6.1.5.5.7.7.11", new LraPopWitness(new BodyPartID(0), new DERSequence(ids)));
    }

    private X500Name issuer(String name) {
        return certificates.get(name).getIssuer();
    }

    // Sequences rather than PKIData, which insists on types of its own and would make no wrong message.
    private byte[] content() throws Exception {
        return new DERSequence(new ASN1Encodable[] {
            new DERSequence(now.controls), new DERSequence(now.requests), new DERSequence(now.objects), new DERSequence(now.others) }).getEncoded("DER");
    }

    private String post(String url, X509CertificateHolder authority, String client, String message) throws Exception {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("ca", new JcaX509CertificateConverter().getCertificate(authority));
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(trust);
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry("own", keys.get(client).getPrivate(), STORE_PASSWORD, new java.security.cert.Certificate[] {
            new JcaX509CertificateConverter().getCertificate(certificates.get(client)) });
        KeyManagerFactory holder = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        holder.init(own, STORE_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(holder.getKeyManagers(), trusted.getTrustManagers(), null);
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/pkcs7-mime; smime-type=CMC-request").POST(HttpRequest.BodyPublishers.ofString(message)).build();
        HttpResponse<String> answer = HttpClient.newBuilder().sslContext(context).build().send(request, HttpResponse.BodyHandlers.ofString());
        if (!answer.headers().firstValue("Content-Type").orElse("").contains("CMC-response")) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
        return read(Base64.getMimeDecoder().decode(answer.body()));
    }

    private byte[] message() throws Exception {
        byte[] content = now.content != null ? now.content : content();
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        for (String[] w : now.signers) {
            addSigner(generator, w);
        }
        for (X509CertificateHolder certificate : now.beside) {
            generator.addCertificate(certificate);
        }
        CMSSignedData signed = generator.generate(new CMSProcessableByteArray(now.type, content), true);
        byte[] message = signed.toASN1Structure().getEncoded(now.der ? "DER" : "BER");
        if (now.tamper) {
            tamper(message, content);
        }
        return message;
    }

    // The content's own last byte: everything stays well-formed when that is data, such as a nonce.
    private static void tamper(byte[] message, byte[] content) {
        for (int i = 0; i + content.length <= message.length; i++) {
            if (java.util.Arrays.equals(message, i, i + content.length, content, 0, content.length)) {
                for (int j = i; j + 4 < i + content.length; j++) {
                    // A transactionId's or a nonce's last byte: both are made of 0x77 here.
                    if (message[j] == 0x77 && message[j + 1] == 0x77 && message[j + 2] == 0x77) {
                        message[j + 1] ^= 1;
                        return;
                    }
                }
            }
        }
        throw new IllegalStateException("nothing to tamper with");
    }

    private void addSigner(CMSSignedDataGenerator generator, String[] w) throws Exception {
        if (has(w, "none")) {
            AlgorithmIdentifier none = new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.3.6.1.5.5.7.6.2"));
            SignerInfoGeneratorBuilder builder = new SignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build());
            builder.setContentDigest(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256));
            generator.addSignerInfoGenerator(builder.build(new Hash(none), new byte[] { 0 }));
            return;
        }
        String key = option(w, "bykey");
        KeyPair pair = keys.get(key == null ? w[1] : key);
        ContentSigner signer = new JcaContentSignerBuilder(algorithm(w, pair)).build(pair.getPrivate());
        SignerInfoGeneratorBuilder builder = new SignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build());
        builder.setDirectSignature(has(w, "direct"));
        X509CertificateHolder certificate = certificates.get(w[1]);
        if (key != null) {
            generator.addSignerInfoGenerator(builder.build(signer, identifier(pair).getKeyIdentifier()));
            return;
        }
        if (has(w, "ski")) {
            generator.addSignerInfoGenerator(builder.build(
                    signer, SubjectKeyIdentifier.fromExtensions(certificate.getExtensions()).getKeyIdentifier()));
        } else {
            generator.addSignerInfoGenerator(builder.build(signer, certificate));
        }
        if (!has(w, "bare")) {
            generator.addCertificate(certificate);
        }
    }

    /** The no-signature mechanism: the digest of what would be signed. */
    private static final class Hash implements ContentSigner {
        private final AlgorithmIdentifier algorithm;
        private final ByteArrayOutputStream stream = new ByteArrayOutputStream();

        Hash(AlgorithmIdentifier algorithm) {
            this.algorithm = algorithm;
        }

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return algorithm;
        }

        @Override
        public OutputStream getOutputStream() {
            return stream;
        }

        @Override
        public byte[] getSignature() {
            try {
                return MessageDigest.getInstance("SHA-256").digest(stream.toByteArray());
            } catch (Exception fault) {
                throw new IllegalStateException(fault);
            }
        }
    }

    private static String read(byte[] message) throws Exception {
        StringBuilder text = new StringBuilder();
        CMSSignedData signed = new CMSSignedData(message);
        text.append("type ").append(signed.getSignedContentTypeOID());
        for (SignerInformation signer : signed.getSignerInfos()) {
            @SuppressWarnings("unchecked")
            X509CertificateHolder by = (X509CertificateHolder) signed.getCertificates().getMatches(signer.getSID()).iterator().next();
            boolean holds = signer.verify(new JcaSimpleSignerInfoVerifierBuilder().build(by));
            text.append("\nsigner ").append(holds).append(' ').append(Base64.getEncoder().encodeToString(by.getEncoded()));
        }
        PKIResponse response = PKIResponse.getInstance(ASN1Primitive.fromByteArray((byte[]) signed.getSignedContent().getContent()));
        for (ASN1Encodable element : response.getControlSequence()) {
            TaggedAttribute control = TaggedAttribute.getInstance(element);
            ASN1Encodable value = control.getAttrValues().getObjectAt(0);
            if (control.getAttrType().equals(CMCObjectIdentifiers.id_cmc_statusInfoV2)) {
                text.append("\nstatus ").append(status(CMCStatusInfoV2.getInstance(value)));
            } else {
                byte[] plain = value instanceof ASN1OctetString ? ((ASN1OctetString) value).getOctets() : value.toASN1Primitive().getEncoded();
                text.append("\ncontrol ").append(control.getAttrType()).append(' ').append(Hex.toHexString(plain));
            }
        }
        for (Object certificate : signed.getCertificates().getMatches(null)) {
            text.append("\ncertificate ").append(Base64.getEncoder().encodeToString(((X509CertificateHolder) certificate).getEncoded()));
        }
        return text.toString();
    }

    // STATUS PARTS FAILURE TEXT, "-" for what is not there.
    private static String status(CMCStatusInfoV2 status) throws Exception {
        List<String> parts = new ArrayList<>();
        for (BodyPartID id : status.getBodyList()) {
            parts.add(String.valueOf(id.getID()));
        }
        String failure = "-";
        if (status.hasOtherInfo()) {
            failure = status.getOtherStatusInfo().isFailInfo()
                    ? CMCFailInfo.getInstance(status.getOtherStatusInfo().toASN1Primitive()).toASN1Primitive().toString() : "pending";
        }
        String said = status.getStatusStringUTF8() == null ? "-" : status.getStatusStringUTF8().getString();
        return status.getcMCStatus().toASN1Primitive() + " " + String.join(",", parts) + " " + failure + " " + said;
    }

    private static boolean has(String[] w, String name) {
        return List.of(w).contains(name);
    }

    private static String option(String[] w, String name) {
        for (String word : w) {
            if (word.startsWith(name + "=")) {
                return word.substring(name.length() + 1);
            }
        }
        return null;
    }
}
