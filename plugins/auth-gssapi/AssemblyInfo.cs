using Kipuka.Plugins.AuthGssapi;
using Kipuka.Sdk;

[assembly: KipukaPlugin("auth", "gssapi", typeof(GssapiPlugin), Tables = ["gssapi"])]
