using Kipuka.Plugins.AuthMtls;
using Kipuka.Sdk;

[assembly: KipukaPlugin("auth", "mtls", typeof(MtlsPlugin), Tables = ["tls.client_auth"])]
