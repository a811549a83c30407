using System.Text.Json;
using System.Text.Json.Nodes;
using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Chat;
using RunModes.Bot.Reporting;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Chat;

/// <summary>Opens a form as a person does, reads it as a client shows it, and sends what was typed.</summary>
internal static class FilledForms
{
    public sealed record Opened(string Id, int Revision, string Text, IReadOnlyDictionary<string, string?> Inputs, int Size)
    {
        public string? Value(string id) => Inputs.GetValueOrDefault(id);
    }

    public static async Task<Opened> Open(ChatWorld world, Someone who, string text) =>
        await Read(world, (await world.Say(who, text)).Last(i => i.Shows == Shown.Form).Subject["form/".Length..]);

    public static async Task<Opened> Read(ChatWorld world, string id)
    {
        var card = (await world.Get<IEnumerable<IPresenter>>().Single(p => p.Shows.Contains(Shown.Form)).Present(new OutboxItem(Shown.Form, $"form/{id}", Urgency.Reply), TestContext.Current.CancellationToken))!.Message.Card!;
        var inputs = card["body"]!.AsArray().OfType<JsonObject>().Where(e => e["type"]!.GetValue<string>().StartsWith("Input.", StringComparison.Ordinal)).ToDictionary(e => e["id"]!.GetValue<string>(), e => (string?)e["value"]);
        var save = card["body"]!.AsArray().LastOrDefault()?["actions"]?[0]?["data"]?["r"]?.GetValue<int>() ?? 0;
        return new(id, save, string.Join("\n", Cards.Nodes.Texts(card)), inputs, AdaptiveCard.SizeOf(card));
    }

    public static async Task<string> Status(ChatWorld world, Opened form) => (await Read(world, form.Id)).Text.Split(':')[0];

    /// <summary>As a client sends it: everything that the form holds, with what was typed over it.</summary>
    public static async Task<string> Send(ChatWorld world, Someone who, Opened form, Dictionary<string, string> typed, string where = ChatWorld.Team, bool fallback = false)
    {
        var data = new JsonObject { ["p"] = form.Id, ["r"] = form.Revision };
        foreach (var (id, value) in form.Inputs.Where(i => i.Value is not null && !typed.ContainsKey(i.Key)).Select(i => (i.Key, i.Value!)).Concat(typed.Select(t => (t.Key, t.Value))))
        {
            data[id] = value;
        }

        return await world.PressRaw(who, Verbs.Confirm, JsonSerializer.SerializeToElement(data), ChatWorld.Channel(where), fallback: fallback) switch
        {
            CardReply.Notice notice => notice.Text,
            CardReply.Card card => string.Join("\n", Cards.Nodes.Texts(card.Content)),
            _ => "",
        };
    }

    public static async Task<string> Asked(ChatWorld world) =>
        (await world.Ledger.Read(t => world.Get<IOutbox>().Due(t, world.Clock.GetUtcNow(), 50), TestContext.Current.CancellationToken)).Last(r => r.Item.Shows == Shown.Confirmation).Item.Subject["confirmation/".Length..];
}
