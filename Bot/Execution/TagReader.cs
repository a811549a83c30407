using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <summary>Reads the tags of a resource and of everything it lies in: its parents, its group, its subscription.</summary>
internal sealed class TagReader(ArmReader azure)
{
    private const string Groups = "2021-04-01";
    private const string Subscriptions = "2022-12-01";

    /// <param name="apiVersion">Of the resource; null: Azure's own client finds out.</param>
    /// <returns>As far as they could be read, and whether that was all of them.</returns>
    public async Task<(IReadOnlyList<KeyValuePair<string, string>> Tags, bool Complete)> Read(ResourceId target, string? apiVersion, CancellationToken cancellation)
    {
        List<(ResourceId At, string? Version)> places = [(target.Subscription, Subscriptions)];
        if (target.Group is { } group)
        {
            places.Add((group, Groups));
        }

        for (var at = target.IsResource ? target : null; at is not null; at = at.Parent)
        {
            places.Add((at, apiVersion));
        }

        var answers = await Task.WhenAll(places.Select(p => p.Version is { } version ? azure.Get(p.At, "", version, [], cancellation) : azure.Resource(p.At, cancellation)));
        List<KeyValuePair<string, string>> tags = [];
        foreach (var found in answers.OfType<ArmAnswer.Found>().Select(a => a.Body.Member("tags")).Where(t => t is { ValueKind: System.Text.Json.JsonValueKind.Object }))
        {
            tags.AddRange(found!.Value.EnumerateObject().Select(t => KeyValuePair.Create(t.Name, t.Value.ValueKind == System.Text.Json.JsonValueKind.String ? t.Value.GetString()! : t.Value.GetRawText())));
        }

        return (tags, answers.All(a => a is ArmAnswer.Found));
    }
}
