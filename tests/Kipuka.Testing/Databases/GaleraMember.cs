namespace Kipuka.Testing;

/// <summary>What a MariaDB server needs to be a member of a Galera cluster on loopback.</summary>
/// <param name="first">The member that makes the cluster; it outweighs all others, so that it goes on alone.</param>
public sealed class GaleraMember(GaleraMember? first)
{
    private const string Provider = "/usr/lib/galera/libgalera_smm.so";

    private readonly int _port = FreePorts.Next();
    private readonly int _incremental = FreePorts.Next();
    private readonly int _whole = FreePorts.Next();
    private bool _stands;

    public bool First => first is null;

    public IReadOnlyList<string> Options
    {
        get
        {
            // The first one makes the cluster at its first start, and joins it at the next.
            var address = first is { } other ? other.Address : _stands ? Address : "gcomm://";
            _stands = true;
            return
            [
                "--wsrep-on=ON", "--binlog-format=ROW", "--innodb-autoinc-lock-mode=2", $"--wsrep-provider={Provider}", "--wsrep-cluster-name=kipuka",
                $"--wsrep-cluster-address={address}", $"--wsrep-node-name=member-{_port}", $"--wsrep-node-address=127.0.0.1:{_port}",
                "--wsrep-sst-method=rsync", $"--wsrep-sst-receive-address=127.0.0.1:{_whole}",
                $"--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:{_port};ist.recv_addr=127.0.0.1:{_incremental};ist.recv_bind=127.0.0.1:{_incremental};"
                + $"gcache.size=32M;pc.weight={(First ? 2 : 1)};evs.keepalive_period=PT0.3S;evs.suspect_timeout=PT1S;evs.inactive_timeout=PT3S;evs.install_timeout=PT3S",
            ];
        }
    }

    private string Address => $"gcomm://127.0.0.1:{_port}";
}
