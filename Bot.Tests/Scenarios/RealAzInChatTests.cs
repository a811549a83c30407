using RunModes.Bot.Tests.Execution;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>The whole bot with the real az: a read and a change typed in chat, what the thread and the card say, and a bot that is restarted while az waits.</summary>
[Collection(RealAz.Name)]
public sealed class RealAzInChatTests
{
    private const string Typed = $"propose az webapp update -n {World.Prod} -g web --https-only true";
    private static readonly string App = $"/subscriptions/{Known.Subscription}/resourceGroups/web/providers/Microsoft.Web/sites/{World.Prod}";
    private static readonly string Poll = $"https://management.azure.com/subscriptions/{Known.Subscription}/providers/Microsoft.Web/locations/westeurope/operations/op1?api-version=2022-03-01";

    [Fact]
    public async Task A_change_that_az_had_to_send_again_says_so_on_its_card_and_in_the_audit()
    {
        await using var bot = await Start();
        bot.Cloud.Arm.Faults.Next(Fault.Throttled("1"), IsChange, times: 2);
        bot.Cloud.Arm.Faults.Always(Accepted, IsChange);
        bot.Cloud.Arm.Faults.Always(Fault.Status(200, """{"name":"op1","status":"Succeeded"}""", retryAfter: "0"), AzArm.IsPoll);
        await bot.Say(People.Sam, Typed);
        var card = await bot.WaitForAsk();
        Assert.Contains("az may send the request again by itself", card.Reads, StringComparison.Ordinal);
        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Done");
        Assert.Equal(3, bot.Cloud.Arm.Requests.Count(IsChange));
        Assert.Equal(1, await bot.Count("SELECT COUNT(*) FROM audit WHERE document LIKE '%by its own log az sent the change 3 times%'"));

        await bot.Say(People.Sam, "propose az group show -n web");
        var read = await bot.WaitForText("'az group show web':");
        Assert.Contains("\"location\": \"westeurope\"", read.Text, StringComparison.Ordinal);
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task A_bot_that_is_restarted_while_az_waits_says_that_nobody_knows_and_starts_it_no_second_time()
    {
        var bot = await Start();
        try
        {
            bot.Cloud.Arm.Faults.Always(Accepted, IsChange);
            bot.Cloud.Arm.Faults.Always(Fault.Hang, AzArm.IsPoll);
            await bot.Say(People.Sam, Typed);
            await bot.Approve(await bot.WaitForAsk(), People.Ada);
            for (var beginning = TimeProvider.System.GetTimestamp(); !bot.Cloud.Arm.Requests.Any(AzArm.IsPoll);)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(beginning) < TimeSpan.FromSeconds(90), "az never asked after it.");
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, BotClient.Cancellation);
            }

            var next = await bot.Restart(Settings(bot.Cloud));
            await bot.DisposeAsync();
            bot = next;
            Assert.Contains("It may or may not have been done", (await bot.WaitForCard("Indeterminate")).Reads, StringComparison.Ordinal);
            Assert.Single(bot.Cloud.Arm.Requests, IsChange);
        }
        finally
        {
            await bot.DisposeAsync();
        }
    }

    private static string Site { get; } = $$"""{"id":"{{App}}","name":"{{World.Prod}}","type":"Microsoft.Web/sites","kind":"app","location":"westeurope","properties":{"state":"Running","httpsOnly":false} }""";

    private static Fault Accepted { get; } = Fault.Answered(new WireAnswer(200, Site).With("Azure-AsyncOperation", Poll).With("Retry-After", "0"));

    private static bool IsChange(WireRequest request) => request.Method == "PUT" && IsOfAz(request);

    /// <summary>The bot itself asks for another version.</summary>
    private static bool IsOfAz(WireRequest request) => request.Path.Equals(App, StringComparison.OrdinalIgnoreCase) && request.Query.GetValueOrDefault("api-version") == "2022-03-01";

    private static Dictionary<string, string?> Settings(FakeCloud cloud) => new(cloud.Environment.DistinctBy(e => e.Key, StringComparer.OrdinalIgnoreCase).Select(e => KeyValuePair.Create(e.Key, (string?)e.Value)))
    {
        ["Commands:Az"] = RealAz.Program, ["Commands:Subscriptions:0"] = Known.Subscription,
    };

    private static async Task<BotHost> Start()
    {
        Dictionary<string, string?> settings = [];
        var bot = await BotHost.Start(
            cloud =>
            {
                foreach (var (name, value) in Settings(cloud))
                {
                    settings[name] = value;
                }

                cloud.Arm.App(World.Prod, rg: "web", memory: Series.Flat(40));
                cloud.Arm.Access.Grants.Add(new Grant($"/subscriptions/{Known.Subscription}", ["Microsoft.Web/sites/write"], []));
                cloud.Arm.Faults.Always(Fault.Status(200, Site), r => r.IsRead && IsOfAz(r));
                cloud.Arm.Faults.Always(Fault.Status(200, $$"""{"value":[{"id":"/subscriptions/{{Known.Subscription}}","subscriptionId":"{{Known.Subscription}}","tenantId":"{{Known.Tenant}}","displayName":"Production","state":"Enabled"}]}"""),
                    r => r.Path.TrimEnd('/').Equals("/subscriptions", StringComparison.OrdinalIgnoreCase));
                cloud.Arm.Faults.Always(Fault.Status(200, $$"""{"id":"/subscriptions/{{Known.Subscription}}/resourceGroups/web","name":"web","location":"westeurope","properties": { "provisioningState":"Succeeded" } }"""),
                    r => r.IsRead && r.Path.EndsWith("/resourcegroups/web", StringComparison.Ordinal));
            },
            settings);
        await bot.Install();
        return bot;
    }
}
