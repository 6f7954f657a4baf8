using System.Data.Common;

namespace Kipuka.Store;

/// <summary>A table that is listed, newest first.</summary>
/// <param name="Table">As FROM has it where rows are counted.</param>
/// <param name="Select">SELECT and FROM, where rows are read.</param>
/// <param name="Key">A column of whole numbers above 0 that grows with the rows, with an index; two rows may have the same.</param>
/// <param name="Order">Newest first, by the key and what tells rows of the same key apart.</param>
/// <param name="Read">Reads a row of <paramref name="Select"/>.</param>
internal sealed record ListSource<T>(string Table, string Select, string Key, string Order, Func<DbDataReader, T> Read)
{
    /// <summary>Where the blocks of a query's rows begin.</summary>
    public BlockBounds Bounds(ListQuery query)
    {
        string within = query.Within is { } kept ? kept.Condition + " AND " : "";
        return new BlockBounds(
            $"SELECT {Key} FROM {Table} WHERE {within}{Key} < @end ORDER BY {Key} DESC LIMIT 1 OFFSET @rows",
            $"SELECT {Key} FROM {Table} WHERE {within}{Key} > @begin ORDER BY {Key} LIMIT 1 OFFSET @rows",
            query.Within is { } one ? [(one.Name, one.Value)] : []);
    }

    public string CountSql(ListQuery query) => $"SELECT COUNT(*) FROM {Table} {InBlock(query)}";

    /// <summary>Whether no two rows have the same key: then an index that the conditions are in says which rows are read, and no others are.</summary>
    public bool IsPickedByKey { get; init; }

    public string RowsSql(ListQuery query)
    {
        string page = $"{InBlock(query)} ORDER BY {Order} LIMIT @limit OFFSET @skip";
        return IsPickedByKey
            ? $"{Select} JOIN (SELECT {Key} AS picked FROM {Table} {page}) page ON picked = {Key} ORDER BY {Order}"
            : $"{Select} {page}";
    }

    private string InBlock(ListQuery query) => query.Where($"{Key} >= @blockBegin", $"{Key} < @blockEnd");
}

/// <summary>A page of a list, newest first.</summary>
/// <param name="Total">How many rows were found on all pages.</param>
/// <param name="IsComplete">False when older rows have not been looked at yet: <paramref name="Total"/> will grow, and so may the page.</param>
/// <param name="Rows">Those of this page.</param>
internal sealed record Listed<T>(long Total, bool IsComplete, IReadOnlyList<T> Rows);
