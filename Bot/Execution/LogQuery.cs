using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <param name="Table">Null: there is none, and why says what to do.</param>
/// <param name="Why">One sentence; empty where there is a table.</param>
internal sealed record LogAnswer(LogTable? Table, string Why);

/// <summary>
/// Asks a workspace of Log Analytics, which holds what Application Insights collects too. It reads and changes nothing, is asked once, as the agent, and
/// what is read of the answer is bounded.
/// </summary>
internal sealed partial class LogQuery
{
    public const int MostRead = 1024 * 1024;

    /// <summary>As long as the server works on it.</summary>
    public static readonly TimeSpan ServerLimit = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private readonly HttpPipeline _pipeline;
    private readonly Uri _host;
    private readonly TimeProvider _clock;

    public LogQuery(IHttpClientFactory clients, AgentIdentity identity, TimeProvider clock)
    {
        (_host, _clock) = (identity.Endpoint.Logs, clock);
        _pipeline = ArmPipeline.Narrow(clients.CreateClient(ArmHttp.ClientName), new HostToken(identity.Reading, _host), new Guard());
    }

    public async Task<LogAnswer> Ask(Guid workspace, string kql, TimeSpan span, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var message = _pipeline.CreateMessage();
            message.BufferResponse = false;
            message.Request.Method = RequestMethod.Post;
            message.Request.Uri.Reset(new Uri(_host, $"/v1/workspaces/{workspace:D}/query"));
            message.Request.Headers.Add("Accept", "application/json");
            message.Request.Headers.Add("Content-Type", "application/json");
            message.Request.Headers.Add("Prefer", FormattableString.Invariant($"wait={ServerLimit.TotalSeconds:0}"));
            message.Request.Content = RequestContent.Create(JsonSerializer.SerializeToUtf8Bytes(new { query = kql, timespan = FormattableString.Invariant($"PT{span.TotalMinutes:0}M") }));
            await _pipeline.SendAsync(message, either.Token);
            return await Read(message.Response, either.Token) is { } body
                ? Judge(message.Response, body)
                : Without($"The answer has more than {MostRead / 1024} KB; let the query end with | take 20, or count with summarize.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Slow;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Without($"It could not be asked: {WireFailure.Words(e)}.");
        }
    }

    private static LogAnswer Slow => Without($"There was no answer within {ServerLimit.TotalSeconds:0} seconds; ask for a shorter time, or for less.");

    private static LogAnswer Without(string why) => new(null, why);

    /// <returns>Null when there is more than is read.</returns>
    private static async Task<ReadOnlyMemory<byte>?> Read(Response response, CancellationToken cancellation)
    {
        if (response.ContentStream is not { } stream)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        var buffer = new byte[MostRead + 1];
        var read = 0;
        while (read < buffer.Length && await stream.ReadAsync(buffer.AsMemory(read), cancellation) is var more and > 0)
        {
            read += more;
        }

        return read > MostRead ? (ReadOnlyMemory<byte>?)null : buffer.AsMemory(0, read);
    }

    private static LogAnswer Judge(Response response, ReadOnlyMemory<byte> body)
    {
        var json = ArmJson.Parse(body);
        var error = json is { } root && root.Member("error") is { ValueKind: JsonValueKind.Object } inner ? inner : (JsonElement?)null;
        var said = error is { } e ? Said(e) : "";
        return response.Status switch
        {
            200 => json is { } answer && LogRows.Of(answer, error is null ? null : said.Length > 0 ? said : "no reason was given") is { } table ? new(table, "") : Without("The answer is not a table."),
            400 => Without($"The query is refused: {said}. Mend the query."),
            401 or 403 => Without($"The agent may not read the workspace ({said}). Grant it Log Analytics Data Reader or Reader on the workspace."),
            404 => Without("There is no such workspace. Check its Id among Tools:QueryLogs:Workspaces: it is the Workspace ID of its overview, not its resource id."),
            429 => Without($"Too many queries were asked{(response.Headers.TryGetValue("Retry-After", out var after) && int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? FormattableString.Invariant($"; it may be asked again in {seconds} seconds") : "")}."),
            408 or 504 => Slow,
            var status => Without(FormattableString.Invariant($"It was answered {status}{(said.Length > 0 ? $" ({said})" : "")}.")),
        };
    }

    /// <summary>The outermost word and the innermost sentence, which is the one that says what is wrong.</summary>
    private static string Said(JsonElement error)
    {
        var (code, message, at) = (error.Text("code"), error.Text("message"), error);
        for (var depth = 0; depth < 8; depth++)
        {
            at = at.Member("innererror") is { ValueKind: JsonValueKind.Object } inner ? inner
                : at.Items("details") is [{ ValueKind: JsonValueKind.Object } detail, ..] ? detail
                : default;
            if (at.ValueKind != JsonValueKind.Object)
            {
                break;
            }

            message = at.Text("message") ?? message;
        }

        return ArmError.Clean($"{code}: {Redaction.Of(message ?? "")}", 400).TrimEnd('.', ' ', ':');
    }

    /// <summary>The last step before the transport: a query of one workspace, or nothing.</summary>
    private sealed partial class Guard : HttpPipelineSynchronousPolicy
    {
        public override void OnSendingRequest(HttpMessage message)
        {
            if (message.Request.Method != RequestMethod.Post || !Query().IsMatch(message.Request.Uri.ToUri().PathAndQuery))
            {
                throw new InvalidOperationException("This way leads to queries of logs and nowhere else.");
            }
        }

        [GeneratedRegex(@"^/v1/workspaces/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/query\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
        private static partial Regex Query();
    }
}

/// <summary>Folds an answer into what people can look at, without what looks like a credential.</summary>
internal static class LogRows
{
    private const int MostRows = 20;
    private const int MostColumns = 8;
    private const int LongestCell = 60;

    /// <param name="partial">Why it is a part only.</param>
    /// <returns>Null when it is no answer of a query.</returns>
    public static LogTable? Of(JsonElement answer, string? partial)
    {
        var tables = answer.Items("tables");
        var table = tables?.FirstOrDefault(t => t.Text("name") == "PrimaryResult") is { ValueKind: JsonValueKind.Object } primary ? primary : tables is [var first, ..] ? first : default;
        if (table.Items("columns") is not { } columns || table.Items("rows") is not { } rows || columns.Any(c => c.Text("name") is null))
        {
            return null;
        }

        List<string> names = [.. columns.Select(c => c.Text("name")!)];
        if (rows.Any(r => r.ValueKind != JsonValueKind.Array || r.GetArrayLength() != names.Count))
        {
            return null;
        }

        var shown = rows.Take(MostRows).Select(r => (IReadOnlyList<string>)[.. r.EnumerateArray().Take(MostColumns).Select((cell, i) => Cell(names[i], cell))]);
        return new([.. names.Take(MostColumns).Select(n => Plain(n))], [.. shown], rows.Count, Math.Max(0, names.Count - MostColumns), partial);
    }

    /// <summary>A column may say that its values are secret.</summary>
    private static string Cell(string column, JsonElement cell)
    {
        var text = cell.ValueKind switch { JsonValueKind.Null => "", JsonValueKind.String => cell.GetString()!, _ => cell.GetRawText() };
        var named = Redaction.Of($"{column}: {text.Replace('\n', ' ')}");
        return Plain(named.StartsWith($"{column}: ", StringComparison.Ordinal) ? named[(column.Length + 2)..] : Redaction.Of(text));
    }

    private static string Plain(string text)
    {
        var plain = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return plain.Length <= LongestCell ? plain : $"{plain[..(char.IsHighSurrogate(plain[LongestCell - 1]) ? LongestCell - 1 : LongestCell)]}…";
    }
}
