namespace Kipuka.Policy;

/// <summary>What policy changed about a request; every change reaches the audit record, none is silent.</summary>
internal sealed class Notes
{
    private readonly Dictionary<string, string> _fields = [];
    private readonly List<string> _ungranted = [];

    public IReadOnlyDictionary<string, string> Fields => _fields;

    /// <summary>What was asked and is not in the certificate: what <c>strict = true</c> refuses.</summary>
    public IReadOnlyList<string> Ungranted => _ungranted;

    public void Add(string name, string value) => _fields[name] = value;

    public void AddDropped(string what, IEnumerable<string> values)
    {
        var list = string.Join(",", values);
        if (list.Length > 0)
        {
            _fields[$"dropped_{what}"] = list;
            _ungranted.Add($"{what.Replace('_', ' ')} {list}");
        }
    }

    public void AddUngranted(string what) => _ungranted.Add(what);
}
