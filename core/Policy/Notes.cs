namespace Kipuka.Policy;

/// <summary>What policy changed about a request; every change reaches the audit record, none is silent.</summary>
internal sealed class Notes
{
    private readonly Dictionary<string, string> _fields = [];

    public IReadOnlyDictionary<string, string> Fields => _fields;

    public void Add(string name, string value) => _fields[name] = value;

    public void AddDropped(string what, IEnumerable<string> values)
    {
        var list = string.Join(",", values);
        if (list.Length > 0)
        {
            _fields[$"dropped_{what}"] = list;
        }
    }
}
