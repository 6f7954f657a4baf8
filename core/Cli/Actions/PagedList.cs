using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Kipuka.Cli.Actions;

/// <summary>A list that the admin API gives in pages, as commands show it: a page, or with <c>--all</c> all of them.</summary>
internal sealed class PagedList(PagedShape shape)
{
    private const int LargestPage = 1000;

    private readonly Option<int?> page = new("--page") { HelpName = "NUMBER", Description = "From 1." };
    private readonly Option<int?> perPage = new("--per-page") { HelpName = "NUMBER", Description = $"How many a page has; {shape.Usual}, at most {LargestPage}." };
    private readonly Option<bool> all = new("--all") { Description = "Every page, in place of one." };

    public void AddTo(Command command)
    {
        command.Add(page);
        command.Add(perPage);
        command.Add(all);
    }

    /// <param name="client">The server.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="filters">What narrows the list; null for what was not given.</param>
    /// <param name="asJson">JSON, else a table.</param>
    /// <param name="clock">For the progress.</param>
    public async Task ShowAsync(
        AdminClient client, ParseResult parsed, IReadOnlyList<(string Name, string? Value)> filters, bool asJson, TimeProvider clock, CancellationToken cancel)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (!parsed.GetValue(all))
        {
            var searched = new Progress(error, shape.Noun, clock);
            var answer = await AskAsync(client, filters, parsed.GetValue(page), parsed.GetValue(perPage), searched, cancel);
            searched.End();
            if (asJson)
            {
                JsonText.Write(output, answer.WriteTo);
                return;
            }
            var items = answer.GetProperty(shape.Member).EnumerateArray().ToList();
            Print(output, items);
            output.WriteLine($"Page {answer.GetProperty("page").GetInt32()}: {items.Count} of {answer.GetProperty("total").GetInt64()} {shape.Noun}{(IsComplete(answer) ? "" : " so far: older ones have not been counted yet")}.");
            return;
        }
        if (parsed.GetValue(page) is not null)
        {
            throw CliException.Usage("give --page or --all, not both");
        }
        var (found, isWhole) = await AllAsync(client, filters, parsed.GetValue(perPage) ?? LargestPage, new Progress(error, shape.Noun, clock), cancel);
        if (!isWhole)
        {
            error.WriteLine($"kipuka: {shape.Noun} left the list again and again while it was read; some that stayed may be missing. Narrow it, or ask again.");
        }
        if (asJson)
        {
            JsonText.Write(output, json => Write(json, found));
            return;
        }
        Print(output, found);
        output.WriteLine($"{found.Count} {shape.Noun}.");
    }

    private async Task<(List<JsonElement> Found, bool IsWhole)> AllAsync(
        AdminClient client, IReadOnlyList<(string Name, string? Value)> filters, int size, Progress progress, CancellationToken cancel)
    {
        var result = await PageWalk.AllAsync(PageAsync, size, item => string.Join('\n', shape.Key.Select(name => item.GetProperty(name).ToString())));
        progress.End();
        return result;

        async Task<(IReadOnlyList<JsonElement> Items, long Total)> PageAsync(int number)
        {
            var answer = await AskAsync(client, filters, number, size, progress, cancel);
            List<JsonElement> items = [.. answer.GetProperty(shape.Member).EnumerateArray()];
            var total = answer.GetProperty("total").GetInt64();
            progress.Add(items.Count, total);
            return (items, total);
        }
    }

    // Again, while the page is not full and the server has not searched all: it answers in between, and goes on where it was.
    private async Task<JsonElement> AskAsync(
        AdminClient client, IReadOnlyList<(string Name, string? Value)> filters, int? number, int? size, Progress progress, CancellationToken cancel)
    {
        (string Name, string? Value)[] given = [("page", Text(number)), ("per_page", Text(size)), .. filters];
        var query = string.Join('&', given.Where(one => one.Value is not null).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));
        while (true)
        {
            var answer = (await client.CallAsync(HttpMethod.Get, query.Length == 0 ? shape.Path : $"{shape.Path}?{query}", null, cancel))!.Value;
            if (IsComplete(answer) || answer.GetProperty(shape.Member).GetArrayLength() >= (size ?? shape.Usual))
            {
                return answer;
            }
            progress.Add(0, answer.GetProperty("total").GetInt64());
        }
    }

    private static bool IsComplete(JsonElement answer) => answer.GetProperty("complete").GetBoolean();

    private void Write(Utf8JsonWriter json, List<JsonElement> found)
    {
        json.WriteStartObject();
        json.WriteNumber("total", found.Count);
        json.WriteStartArray(shape.Member);
        found.ForEach(item => item.WriteTo(json));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Print(TextWriter output, IReadOnlyList<JsonElement> items) => shape.Table.Write(output, items);

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
