using System.Runtime.CompilerServices;
using Kipuka.Plugins.TransportHttps;
using Kipuka.Sdk;

[assembly: KipukaPlugin("transport", "https", typeof(HttpsTransportPlugin), Tables = ["tls"])]
[assembly: InternalsVisibleTo("Kipuka.Plugins")]
