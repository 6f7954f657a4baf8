namespace Kipuka.Tests.Config;

public sealed class HaChecksTests
{
    private const string Group = "[[ca]]\nid = \"two\"\n[[ha.group]]\nname = \"g\"\nca_ids = [\"one\", \"two\"]\n";

    [Fact]
    public void A_group_stands_for_ha()
    {
        var ha = Checked.Minimal(Group).IsFine().Ha!;
        Assert.True(ha.Enabled);
        Assert.Equal("active-passive", ha.Strategy);
        Assert.Null(ha.Groups[0].Strategy);
    }

    [Theory]
    [InlineData("strategy")]
    [InlineData("load_balancing")]
    public void Active_active_is_round_robin(string key)
        => Assert.Equal("round-robin",
            Checked.Minimal(Group + $"{key} = \"active-active\"\n[ha]\nstrategy = \"active-active\"").IsFine().Ha!.Groups[0].Strategy);

    [Fact]
    public void Least_connections_is_told_the_four()
    {
        Checked.Minimal(Group + "load_balancing = \"least-connections\"")
            .HasOnly("bad-value", "ha.group[0].load_balancing", "active-passive, round-robin, weighted, latency-based");
        Checked.Minimal("[ha]\nstrategy = \"least-connections\"").HasOnly("bad-value", "ha.strategy", "choose one of");
    }

    [Fact]
    public void A_strategy_of_some_plugin_is_left_to_the_plugins() => Checked.Minimal(Group + "strategy = \"acme\"").IsFine();

    [Fact]
    public void Members_exist()
        => Checked.Minimal("[[ha.group]]\nname = \"g\"\nca_ids = [\"one\", \"oen\"]")
            .HasOnly("dangling-reference", "ha.group[0].ca_ids[1]", "did you mean one?");

    [Fact]
    public void A_ca_is_in_one_group()
    {
        Checked.Minimal(Group + "[[ha.group]]\nname = \"h\"\nca_ids = [\"two\"]")
            .HasOnly("duplicate-name", "ha.group[1].ca_ids[0]", "in another group");
        Checked.Minimal("[[ha.group]]\nname = \"g\"\nca_ids = [\"one\", \"one\"]")
            .HasOnly("duplicate-name", "ha.group[0].ca_ids[1]", "in this group already");
    }

    [Fact]
    public void Groups_have_names_of_their_own_and_members()
    {
        Checked.Minimal(Group + "[[ca]]\nid = \"three\"\n[[ha.group]]\nname = \"g\"\nca_ids = [\"three\"]")
            .HasOnly("duplicate-name", "ha.group[1].name", "too");
        Checked.Minimal("[[ha.group]]\nname = \"g\"\nca_ids = []").HasOnly("bad-value", "ha.group[0].ca_ids", "is empty");
        Checked.Minimal("[[ha.group]]\nname = \"g\"").HasOnly("missing-key", "ha.group[0].ca_ids", "is missing");
    }

    [Fact]
    public void Weights_are_of_members()
    {
        Assert.Equal(80, Checked.Minimal(Group + "weights = { one = 80, two = 0 }").IsFine().Ha!.Groups[0].Weights["one"]);
        Checked.Minimal(Group + "weights = { onee = 80 }").HasOnly("dangling-reference", "ha.group[0].weights.onee", "did you mean one?");
        Checked.Minimal(Group + "weights = { one = -1 }").HasOnly("bad-value", "ha.group[0].weights.one", "from 0 to");
        Checked.Minimal(Group + "weights = { one = 0, two = 0 }").HasOnly("bad-value", "ha.group[0].weights", "all 0");
    }

    [Fact]
    public void A_group_has_two_spellings_of_its_times()
    {
        var group = Checked.Minimal(Group + "check_interval = 7\ncheck_timeout = \"2s\"").IsFine().Ha!.Groups[0];
        Assert.Equal((TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(2)), (group.HealthCheckInterval, group.Timeout));
        Checked.Minimal(Group + "check_timeout = 2\ntimeout = 3")
            .HasOnly("duplicate-key", "ha.group[0].check_timeout", "the same as ha.group[0].timeout in line 10");
    }
}
