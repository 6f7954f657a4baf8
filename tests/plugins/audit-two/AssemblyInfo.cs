using Kipuka.Sdk;
using Kipuka.TestPlugins;

[assembly: KipukaPlugin("audit", "two", typeof(GreetingSinkPlugin))]
