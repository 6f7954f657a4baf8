using Kipuka.Sdk.Ha;

namespace Kipuka.Sdk.Tck;

/// <summary>What a strategy must do for every group.</summary>
internal sealed class HaChecks(HaOptions options)
{
    private const int Threads = 8;
    private const int Rounds = 50;

    // Each fault is told by one check.
    private bool isSelection;
    private bool isPure;

    public async Task SelectionAsync(Bench<IHaStrategy> bench)
    {
        var strategy = await bench.StartAsync();
        foreach (var group in Groups.Usual())
        {
            foreach (var turn in Groups.Turns)
            {
                Judge(strategy, group, turn, $"{group.Length} members, turn {turn}");
            }
        }
        isSelection = true;
    }

    public async Task ExtremesAsync(Bench<IHaStrategy> bench)
    {
        var strategy = await bench.StartAsync();
        foreach (var (what, group) in Groups.Extreme())
        {
            foreach (var turn in Groups.Turns)
            {
                try
                {
                    if (isSelection)
                    {
                        Judge(strategy, group, turn, $"{group.Length} members, {what}, turn {turn}");
                    }
                    Order(strategy, group, turn, 0);
                }
                catch (Exception fault) when (fault is not CheckException)
                {
                    throw bench.Fault($"With {group.Length} members, {what} and turn {turn} Order threw", fault);
                }
            }
        }
    }

    public async Task PureAsync(Bench<IHaStrategy> bench)
    {
        if (options.IsRandom)
        {
            throw CheckException.NotApplicable("The options say that the strategy orders by chance.");
        }
        var (strategy, other) = (await bench.StartAsync(), await bench.StartAsync());
        foreach (var group in Groups.Usual())
        {
            foreach (var turn in Groups.Turns)
            {
                var first = Order(strategy, group, turn, 0);
                // Elsewhere, after other questions, into a span with other content: nothing of this may count.
                Order(strategy, group, turn + 1, 0);
                if (!first.SequenceEqual(Order(strategy, group, turn, -1)) || !first.SequenceEqual(Order(other, group, turn, int.MaxValue)))
                {
                    throw CheckException.Failed(
                        $"With {group.Length} members and turn {turn} the same question got two answers. Order is a pure function: no state, no clock, no chance; the turn is what varies.");
                }
            }
        }
        isPure = true;
    }

    public async Task ConcurrencyAsync(Bench<IHaStrategy> bench)
    {
        var strategy = await bench.StartAsync();
        var groups = Groups.Usual().ToList();
        // Against what the same strategy says alone: what it says wrongly in any case is told by the other checks.
        var alone = groups.ConvertAll(group => Order(strategy, group, 5, 0));
        // Threads of their own that begin together, and many rounds: where there are few cores, or the pool's threads are taken, one would be done before another begins.
        using var begin = new Barrier(Threads);
        var together = await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
            () =>
            {
                begin.SignalAndWait();
                return Enumerable.Range(0, Rounds).Select(_ => groups.ConvertAll(group => Order(strategy, group, 5, 0))).ToList();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        if (isPure && together.SelectMany(rounds => rounds).Any(answers => answers.Zip(alone).Any(pair => !pair.First.SequenceEqual(pair.Second))))
        {
            throw CheckException.Failed($"Asked by {Threads} threads at once, Order answers otherwise than alone. It is called concurrently; share nothing.");
        }
    }

    private static void Judge(IHaStrategy strategy, CaStanding[] group, ulong turn, string what)
    {
        var order = new int[group.Length];
        Array.Fill(order, -1);
        var count = strategy.Order(group, turn, order);
        if (count < 1 || count > group.Length)
        {
            throw CheckException.Failed($"{what}: Order returned {count}; it must be 1 to the number of members.");
        }
        var chosen = order.AsSpan(0, count).ToArray();
        if (chosen.Any(index => index < 0 || index >= group.Length) || chosen.Distinct().Count() != count)
        {
            throw CheckException.Failed($"{what}: Order wrote [{string.Join(", ", chosen)}]; it must write indexes of members, none twice.");
        }
    }

    private static int[] Order(IHaStrategy strategy, CaStanding[] group, ulong turn, int filling)
    {
        var order = new int[group.Length];
        Array.Fill(order, filling);
        var count = strategy.Order(group, turn, order);
        return order[..Math.Clamp(count, 0, group.Length)];
    }
}
