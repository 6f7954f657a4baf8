using Kipuka.Sdk;
using static Kipuka.Plugins.CaPkcs11.Commands.TokenOptions;

[assembly: PluginCommand("ca", "pkcs11", "hsm list", "List the tokens of an HSM and the keys on them.",
    Options = [Library, Token, Slot, PinEnv, PinFile],
    Examples = ["kipuka hsm list --config kipuka.toml", "kipuka hsm list --library /usr/lib/softhsm/libsofthsm2.so --pin-env KIPUKA_HSM_PIN"])]
[assembly: PluginCommand("ca", "pkcs11", "hsm keygen", "Make a key pair in an HSM that it never gives away.",
    Options = [
        "key: The new key's label and id, and its token, as a URI: pkcs11:token=kipuka;object=ca-key;id=%01.",
        "type: ecdsa-p256, ecdsa-p384 (default), ecdsa-p521, rsa-2048, rsa-3072, rsa-4096, ml-dsa-44, ml-dsa-65 or ml-dsa-87.",
        Library, Token, Slot, PinEnv, PinFile,
    ],
    Examples = ["kipuka hsm keygen --key \"pkcs11:token=kipuka;object=ca-key;id=%01\" --type rsa-3072 --config kipuka.toml"])]
[assembly: PluginCommand("ca", "pkcs11", "hsm csr", "Make a certification request for a CA key in an HSM, for an offline root to sign.",
    Options = [
        Key, "subject: The CA's name: CN=Issuing CA,O=Example.", "out: Where to write the request (PEM).",
        Library, Token, Slot, PinEnv, PinFile,
    ],
    Examples = ["kipuka hsm csr --key \"pkcs11:object=ca-key\" --subject \"CN=Issuing CA,O=Example\" --out ca.csr --config kipuka.toml"])]
[assembly: PluginCommand("ca", "pkcs11", "hsm selfsign", "Make a self-signed CA certificate with a key in an HSM.",
    Options = [
        Key, "subject: The CA's name: CN=Root CA,O=Example.", "days: How long it is valid, 1 to 36500 (default 3650).",
        "out: Where to write the certificate (PEM).", Library, Token, Slot, PinEnv, PinFile,
    ],
    Examples = ["kipuka hsm selfsign --key \"pkcs11:object=ca-key\" --subject \"CN=Root CA\" --days 3650 --out ca.pem --config kipuka.toml"])]
