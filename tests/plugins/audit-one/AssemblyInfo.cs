using Kipuka.Sdk;
using Kipuka.TestPlugins;

[assembly: KipukaPlugin("audit", "one", typeof(GreetingSinkPlugin), Tables = ["audit.one_notes", "one"])]
[assembly: KipukaPlugin("ha", "first", typeof(FirstStrategyPlugin))]
[assembly: KipukaPlugin("ca", "idle", typeof(IdleAuthorityPlugin), ImpliedBy = ["idle"])]
[assembly: AdminAction("audit", "one", "POST", "one/{id}", "one greet", "Greets.", Parameters = ["id: whom", "loud: yes or no"])]
