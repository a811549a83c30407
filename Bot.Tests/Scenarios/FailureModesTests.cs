using RunModes.Bot.Tests.Cards;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>What went wrong in other approval bots and no other test here shows by the way; the rest carry <see cref="FailureModeAttribute"/> where they are.</summary>
public sealed class FailureModesTests
{
    [Fact]
    public async Task Each_of_the_34_is_held_by_a_test_or_by_a_written_reason()
    {
        Assert.Equal(Enumerable.Range(1, 34), FailureMode.All.Select(m => m.Number));
        Assert.All(FailureMode.All, m => Assert.True(m.NotHere is null == m.Tests.Count > 0, $"{m.Name} has {m.Tests.Count} tests and {(m.NotHere is null ? "no" : "a")} reason."));
        await Golden.MustEqual("docs/failure-modes.md",
        [
            "# Failure modes of approval bots", "",
            "What went wrong in comparable bots, and the tests that show that it does not happen here. A test holds this page: a number without a test needs a reason.", "",
            "| | What | Held by |", "|---|---|---|",
            .. FailureMode.All.Select(m => $"| {m.Name} | {m.What} | {m.NotHere ?? string.Join("<br>", m.Tests.Select(t => $"`{t}`"))} |"),
        ]);
    }

    [Fact]
    [FailureMode(5)]
    public async Task FM05_With_a_group_of_approvers_that_does_not_exist_the_bot_starts_and_every_approval_is_refused_with_words()
    {
        await using var asking = await Asking.Start(settings: new Dictionary<string, string?> { ["Roles:Administrator:Groups:0"] = "99999999-9999-4999-8999-999999999999" });
        foreach (var who in (Someone[])[People.Ada, People.Ben, People.Sam, People.Rob, People.Gale])
        {
            Assert.Contains("Administrator", await asking.Bot.Told(asking.Card, "approve", who), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("\"DecisionMade\"", (await asking.Bot.Audit("--json")).Output, StringComparison.Ordinal);
        Assert.Empty(asking.Cloud.Arm.Mutations);
    }

    [Fact]
    [FailureMode(7)]
    public async Task FM07_Somebody_with_an_Administrators_name_and_address_but_another_object_id_is_refused()
    {
        await using var asking = await Asking.Start();
        var twin = new Someone("00000000-ffff-4fff-8fff-00000000000f", People.Ada.Name);
        asking.Cloud.Graph.Directory.Person(twin.ObjectId, twin.Name);
        Assert.Contains("Administrator", await asking.Bot.Told(asking.Card, "approve", twin), StringComparison.Ordinal);
        Assert.Contains("Administrator", await asking.Bot.Told(asking.Card, "approve", new(twin.ObjectId, twin.Name), change: click =>
        {
            click["from"] = new System.Text.Json.Nodes.JsonObject
            {
                // The address on the channel and the mail are an Administrator's; the object id is not.
                ["id"] = $"29:{People.Ada.ObjectId}", ["name"] = People.Ada.Name, ["email"] = "ada@example.com", ["userPrincipalName"] = "ada@example.com", ["aadObjectId"] = twin.ObjectId,
            };
        }), StringComparison.Ordinal);
        await asking.ApproveStillWorks();
    }

    [Fact]
    [FailureMode(11)]
    public async Task FM11_Of_two_cards_that_wait_the_one_that_is_clicked_runs_and_the_other_still_waits()
    {
        var (first, second) = ((WebApp)null!, (WebApp)null!);
        await using var bot = await BotHost.Start(
            cloud => (first, second) = (cloud.Sick("shop-one"), cloud.Sick("shop-two")),
            new Dictionary<string, string?> { ["ResponsePlans:0:Resource"] = "", ["ResponsePlans:0:ResourceGroup"] = "web" });
        await bot.Install();
        await bot.Fire(first.Id);
        await bot.WaitForAsk(m => m.Reads.Contains("shop-one", StringComparison.Ordinal));
        await bot.Fire(second.Id);
        await bot.Approve(await bot.WaitForAsk(m => m.Reads.Contains("shop-two", StringComparison.Ordinal)), People.Ada);
        await bot.WaitForCard("Done, recovered", m => m.Reads.Contains("shop-two", StringComparison.Ordinal));
        Assert.Equal((0, 1), (first.Restarts, second.Restarts));
        Assert.Contains("shop-one", (await bot.Ask(People.Ada, "pending")).Reads, StringComparison.Ordinal);
    }

    [Fact]
    [FailureMode(13)]
    public async Task FM13_What_recovered_by_itself_while_it_waited_is_not_restarted_by_the_approval()
    {
        await using var asking = await Asking.Start();
        asking.App.Memory = Series.Flat(41);
        asking.App.ResponseTime = Series.Flat(0.2);
        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(11));
        await asking.Bot.Approve(asking.Card, People.Ada);
        var again = await asking.Bot.WaitForCard("", m => m.Reads.Contains("recovered by itself", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("Approved", again.Status, StringComparison.Ordinal);
        Assert.Empty(asking.Cloud.Arm.Mutations);
    }

    [Theory]
    [FailureMode(20)]
    [InlineData("approve", "Done, recovered")]
    [InlineData("deny", "Denied")]
    public async Task FM20_Nothing_is_pending_once_all_is_decided(string verb, string end)
    {
        await using var asking = await Asking.Start();
        Assert.Contains(World.Prod, (await asking.Bot.Ask(People.Ada, "pending")).Reads, StringComparison.Ordinal);
        await asking.Bot.Press(asking.Card, verb, People.Ada);
        await asking.Bot.WaitForCard(end);
        Assert.Contains("Nothing waits for a decision.", (await asking.Bot.Ask(People.Ada, "pending")).Reads, StringComparison.Ordinal);
    }

    [Fact]
    [FailureMode(24)]
    public async Task FM24_With_Teams_away_Review_waits_and_Autonomous_runs_and_reports_later()
    {
        var (prod, staging) = ((WebApp)null!, (WebApp)null!);
        await using var bot = await BotHost.Start(cloud => (prod, staging) = (cloud.Sick(World.Prod), cloud.Sick(World.Staging)));
        await bot.Install();
        bot.Cloud.Teams.Faults.Always(Fault.Status(503));
        await bot.Fire(prod.Id);
        await bot.Fire(staging.Id);
        await bot.WaitForAudit("VerificationEnded");
        Assert.Equal((0, 1), (prod.Restarts, staging.Restarts));

        bot.Cloud.Teams.Faults.Clear();
        await bot.WaitForText("Done: I've restarted app-service-staging.");
        await bot.Approve(await bot.WaitForAsk(m => m.Reads.Contains(World.Prod, StringComparison.Ordinal)), People.Ada);
        await bot.WaitForCard("Done, recovered");
        Assert.Equal((1, 1), (prod.Restarts, staging.Restarts));
    }

    /// <summary>A card that refreshes by itself would have views for at most 60 people; ours is one and the same for everybody, and its buttons are checked on the server.</summary>
    [Fact]
    [FailureMode(34)]
    public void FM34_A_card_is_the_same_for_the_sixty_first_person_and_never_refreshes_by_itself() => Assert.All(Sample.Cards, card =>
    {
        var json = card.Value().ToJsonString();
        Assert.DoesNotContain("\"refresh\"", json, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\"userIds\"", json, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\"authentication\"", json, StringComparison.OrdinalIgnoreCase);
    });
}
