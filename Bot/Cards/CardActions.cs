using System.Text.Json.Nodes;

namespace RunModes.Bot.Cards;

/// <summary>The closed list of what a button may ask for.</summary>
internal static class Verbs
{
    public const string Approve = "approve";
    public const string Deny = "deny";
    public const string Recheck = "recheck";
    public const string Investigate = "investigate";
    public const string Confirm = "confirm";
    public const string Cancel = "cancel";
    public const string Annotate = "annotate";
    public const string Undo = "undo";
    public const string KeepWaiting = "keepwaiting";
}

internal enum ActionStyle { Default = 0, Positive, Destructive }

/// <summary>What a button names: an opaque id and the revision that was shown. Everything else is read again on the server.</summary>
internal sealed record ActionData(string Id, int Revision)
{
    public const string IdKey = "p";
    public const string RevisionKey = "r";
    public const string ChoiceKey = "choice";
    public const string Done = "done";
    public const string NotDone = "notDone";

    /// <summary>Only of <see cref="Verbs.Annotate"/>.</summary>
    public string? Choice { get; init; }

    public JsonObject ToJson()
    {
        var json = new JsonObject { [IdKey] = Id, [RevisionKey] = Revision };
        if (Choice is not null)
        {
            json[ChoiceKey] = Choice;
        }

        return json;
    }
}

internal abstract record CardButton(string Title)
{
    public ActionStyle Style { get; init; }

    public abstract JsonObject ToJson();

    private protected JsonObject Start(string type)
    {
        var json = new JsonObject { ["type"] = type, ["title"] = Title };
        if (Style != ActionStyle.Default)
        {
            json["style"] = Style.ToString().ToLowerInvariant();
        }

        return json;
    }
}

/// <summary>A button with its Action.Submit twin for clients that know no Execute. The twin carries the verb in its data and hides the client's own banner.</summary>
internal sealed record ActionExecute(string Title, string Verb, ActionData Data) : CardButton(Title)
{
    public override JsonObject ToJson()
    {
        var twin = Start("Action.Submit");
        var data = Data.ToJson();
        data["verb"] = Verb;
        data["msteams"] = new JsonObject { ["feedback"] = new JsonObject { ["hide"] = true } };
        twin["data"] = data;

        var json = Start("Action.Execute");
        json["verb"] = Verb;
        json["data"] = Data.ToJson();
        json["fallback"] = twin;
        return json;
    }
}

internal sealed record ActionShowCard(string Title, IReadOnlyList<CardElement> Body) : CardButton(Title)
{
    public override JsonObject ToJson()
    {
        var json = Start("Action.ShowCard");
        json["card"] = new JsonObject { ["type"] = "AdaptiveCard", ["body"] = new JsonArray([.. Body.Select(e => e.ToJson())]) };
        return json;
    }
}
