using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using Kipuka.Plugins.TransportHttps;
using Kipuka.Sdk;

[assembly: KipukaPlugin("transport", "https", typeof(HttpsTransportPlugin), Tables = ["tls"])]
[assembly: SupportedOSPlatform("linux")]
[assembly: InternalsVisibleTo("Kipuka.Plugins")]
