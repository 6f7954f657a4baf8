import java.io.FileInputStream;
import java.io.FileReader;
import java.io.StringWriter;
import java.net.Socket;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.HashSet;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.est.CSRRequestResponse;
import org.bouncycastle.est.ESTAuth;
import org.bouncycastle.est.ESTService;
import org.bouncycastle.est.EnrollmentResponse;
import org.bouncycastle.est.jcajce.ChannelBindingProvider;
import org.bouncycastle.est.jcajce.JcaHttpAuthBuilder;
import org.bouncycastle.est.jcajce.JcaJceUtils;
import org.bouncycastle.est.jcajce.JsseDefaultHostnameAuthorizer;
import org.bouncycastle.est.jcajce.JsseESTServiceBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.BCSSLSocket;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.bouncycastle.util.Store;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * Bouncy Castle's EST client. Prints what it got: certificates in PEM, attributes one a line.
 *
 * <p>Arguments: HOST:PORT CA-FILE, then one of: cacerts; csrattrs; enroll SUBJECT USER PASSWORD; serverkeygen SUBJECT USER PASSWORD;
 * reenroll KEYSTORE; enroll-by-certificate KEYSTORE; pop SUBJECT USER PASSWORD, which links the request to its TLS 1.2 connection.
 */
public final class EstPeer {
    private static final char[] KEYSTORE_PASSWORD = "interop".toCharArray();

    public static void main(String[] args) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        JsseESTServiceBuilder builder =
                new JsseESTServiceBuilder(args[0], JcaJceUtils.getCertPathTrustManager(anchors(args[1]), null));
        builder.withHostNameAuthorizer(new JsseDefaultHostnameAuthorizer(new HashSet<String>()));
        switch (args[2]) {
            case "cacerts":
                print(builder.build().getCACerts().getCertificateStore());
                break;
            case "csrattrs":
                csrAttributes(builder.build());
                break;
            case "enroll":
                enroll(builder.build(), false, new X500Name(args[3]), new JcaHttpAuthBuilder(args[4], args[5].toCharArray()).setProvider("BC").build());
                break;
            case "pop":
                linked(builder, new X500Name(args[3]), new JcaHttpAuthBuilder(args[4], args[5].toCharArray()).setProvider("BC").build());
                break;
            case "serverkeygen":
                serverKey(builder.build(), new X500Name(args[3]), new JcaHttpAuthBuilder(args[4], args[5].toCharArray()).setProvider("BC").build());
                break;
            case "reenroll":
                byCertificate(builder, true, args[3]);
                break;
            case "enroll-by-certificate":
                byCertificate(builder, false, args[3]);
                break;
            default:
                throw new IllegalArgumentException(args[2]);
        }
    }

    private static void csrAttributes(ESTService service) throws Exception {
        CSRRequestResponse answer = service.getCSRAttributes();
        if (!answer.hasAttributesResponse()) {
            System.out.println("none");
            return;
        }
        for (ASN1ObjectIdentifier oid : answer.getAttributesResponse().getRequirements()) {
            System.out.println(oid.getId());
        }
    }

    private static void byCertificate(JsseESTServiceBuilder builder, boolean renew, String file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (FileInputStream stream = new FileInputStream(file)) {
            store.load(stream, KEYSTORE_PASSWORD);
        }
        X509Certificate present = (X509Certificate) store.getCertificate(store.aliases().nextElement());
        builder.withKeyManagers(
                JcaJceUtils.createKeyManagerFactory(KeyManagerFactory.getDefaultAlgorithm(), null, store, KEYSTORE_PASSWORD).getKeyManagers());
        enroll(builder.build(), renew, X500Name.getInstance(present.getSubjectX500Principal().getEncoded()), null);
    }

    private static void enroll(ESTService service, boolean renew, X500Name subject, ESTAuth auth) throws Exception {
        print(completed(service.simpleEnroll(renew, request(subject), auth)).getStore());
    }

    private static void serverKey(ESTService service, X500Name subject, ESTAuth auth) throws Exception {
        EnrollmentResponse answer = completed(service.simpleEnrollWithServersideCreation(request(subject), auth));
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(new PemObject("PRIVATE KEY", answer.getPrivateKeyInfo().getEncoded()));
        }
        System.out.print(text);
        print(answer.getStore());
    }

    // With Bouncy Castle's own TLS: Java's gives no channel binding out.
    private static void linked(JsseESTServiceBuilder builder, X500Name subject, ESTAuth auth) throws Exception {
        builder.withProvider(new BouncyCastleJsseProvider()).withTLSVersion("TLSv1.2").withChannelBindingProvider(new ChannelBindingProvider() {
            @Override
            public boolean canAccessChannelBinding(Socket socket) {
                return socket instanceof BCSSLSocket;
            }

            @Override
            public byte[] getChannelBinding(Socket socket, String binding) {
                return ((BCSSLSocket) socket).getConnection().getChannelBinding(binding);
            }
        });
        KeyPair keys = keys();
        print(completed(builder.build().simpleEnrollPoP(
                        false,
                        new JcaPKCS10CertificationRequestBuilder(subject, keys.getPublic()),
                        new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()),
                        auth))
                .getStore());
    }

    private static KeyPair keys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static PKCS10CertificationRequest request(X500Name subject) throws Exception {
        KeyPair keys = keys();
        return new JcaPKCS10CertificationRequestBuilder(subject, keys.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
    }

    private static EnrollmentResponse completed(EnrollmentResponse answer) {
        if (!answer.isCompleted()) {
            throw new IllegalStateException("not completed");
        }
        return answer;
    }

    private static void print(Store<X509CertificateHolder> certificates) throws Exception {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (X509CertificateHolder certificate : ESTService.storeToArray(certificates)) {
                writer.writeObject(new JcaX509CertificateConverter().getCertificate(certificate));
            }
        }
        System.out.print(text);
    }

    private static Set<TrustAnchor> anchors(String file) throws Exception {
        try (PEMParser parser = new PEMParser(new FileReader(file))) {
            X509CertificateHolder holder = (X509CertificateHolder) parser.readObject();
            return Set.of(new TrustAnchor(new JcaX509CertificateConverter().getCertificate(holder), null));
        }
    }
}
