namespace Kipuka.Config.Binding;

internal sealed class BindingRun(ConfigDocument document, ConfigProblems problems, Func<string, string?> environment, Claims claims) : IDisposable
{
    public (BoundSettings Bound, bool Failed) Bind(Type record, IReadOnlyList<OwnTable> own)
        => throw new NotImplementedException($"{document}{problems}{environment}{claims}{record}{own}");

    public void Dispose()
    {
    }
}
