using System.Text.Json;
using Kipuka.Config;

namespace Kipuka.Cli;

/// <summary>A configuration's problems as they are printed: errors first, then warnings, each by position.</summary>
internal static class ProblemList
{
    public static void Write(TextWriter output, IEnumerable<ConfigProblem> problems)
    {
        foreach (var problem in Sorted(problems))
        {
            output.WriteLine(SafeText.Cell(problem.Text));
        }
    }

    public static void WriteJson(Utf8JsonWriter json, IEnumerable<ConfigProblem> problems)
    {
        json.WriteStartArray();
        foreach (var problem in Sorted(problems))
        {
            json.WriteStartObject();
            json.WriteString("code", problem.Code);
            json.WriteString("file", problem.File);
            json.WriteNumber("line", problem.Line);
            json.WriteNumber("column", problem.Column);
            json.WriteString("key", problem.Key);
            json.WriteString("message", problem.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static IOrderedEnumerable<ConfigProblem> Sorted(IEnumerable<ConfigProblem> problems) => problems.OrderBy(problem => problem.IsWarning);
}
