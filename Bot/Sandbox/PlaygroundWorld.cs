using System.Text.Json.Nodes;

namespace RunModes.Bot.Sandbox;

/// <summary>The practice tenant in the words of the Agents Playground's configuration file, which refuses unknown keys and wants exactly five people beside the current one.</summary>
internal static class PlaygroundWorld
{
    /// <param name="writer">Who writes and clicks in the page.</param>
    public static string ConfigurationFor(PracticePerson writer) => new JsonObject
    {
        ["version"] = "0.1.1",
        ["tenantId"] = PracticePeople.TenantId,
        ["bot"] = new JsonObject { ["id"] = PracticePeople.BotId, ["name"] = PracticePeople.BotName },
        ["currentUser"] = Describe(writer),
        ["users"] = new JsonArray([.. PracticePeople.All.Where(person => person != writer).Select(Describe)]),
        ["personalChat"] = new JsonObject { ["id"] = PracticePeople.PersonalChatId },
        ["groupChat"] = new JsonObject { ["id"] = PracticePeople.GroupChatId, ["name"] = "On call" },
        ["team"] = new JsonObject
        {
            ["id"] = PracticePeople.TeamId,
            ["name"] = PracticePeople.TeamName,
            ["aadGroupId"] = PracticePeople.TeamGroupId,
            ["channels"] = new JsonArray(new JsonObject { ["id"] = PracticePeople.ChannelId, ["name"] = PracticePeople.ChannelName }),
        },
    }.ToJsonString();

    private static JsonObject Describe(PracticePerson person) => new()
    {
        ["id"] = person.ChannelUserId,
        ["name"] = person.Name,
        ["userPrincipleName"] = person.UserPrincipalName,
        ["aadObjectId"] = person.ObjectId,
        ["givenName"] = person.GivenName,
        ["surname"] = person.Surname,
        ["email"] = person.UserPrincipalName,
    };
}
