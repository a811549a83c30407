using System.Text.Json.Nodes;

namespace RunModes.Bot.Cards;

/// <summary>Says that cards arrive here, and asks nothing: posted when somebody tries the installation.</summary>
internal static class SampleCard
{
    public const string Summary = "A sample card: nothing has to be done";

    public static JsonObject Render(string agent) => new AdaptiveCard(
        [
            new Container([new TextBlock(CardText.Of($"Done: this sample arrived")) { Id = "status", Size = TextSize.Large, Bold = true }]) { Style = ContainerStyle.Emphasis, Bleed = true },
            new TextBlock(CardText.Of($"{CardText.Outside(agent, 80)} would ask for approval in this place. Nothing was proposed, nothing has to be done.")) { Id = "sample" },
        ],
        Summary).ToJson();
}
