using Kipuka;
using Kipuka.Catalog;
using Kipuka.Cli;
using Microsoft.Extensions.DependencyInjection;

var services = new ServiceCollection();
services.AddSingleton(TimeProvider.System).AddSingleton(Surroundings.OfProcess).AddSingleton(_ => new ConfigLoader());
services.AddSingleton<IServer, Server>();
services.AddCommands();
await using var provider = services.BuildServiceProvider();
return await provider.GetRequiredService<CommandTree>().RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
