using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>az signs in before anything is claimed: a slow machine costs nothing but time, and what changes meanwhile still counts. A script stands where az would.</summary>
public sealed class AzSignInTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_slow_sign_in_holds_no_claim_and_a_stop_meanwhile_still_stops(bool stopped)
    {
        using var az = FakeProgram.Az("exit 0", login: """echo "$AZURE_CONFIG_DIR" > "$0.folder.new"; mv "$0.folder.new" "$0.folder"; while [ ! -f "$0.go" ]; do sleep 0.1; done; exit 0""");
        await using var bot = await BotHost.Start(settings: new Dictionary<string, string?> { ["Commands:Az"] = az.Executable, ["Commands:Subscriptions:0"] = Known.Subscription });
        await bot.Install();
        bot.Cloud.Arm.Machine("vm1", "web");
        bot.Cloud.Arm.Access.Grants.Add(new Grant($"/subscriptions/{Known.Subscription}", ["Microsoft.Compute/virtualMachines/deallocate/action"], []));
        await bot.Say(People.Sam, "propose az vm deallocate -n vm1 -g web");
        await bot.Approve(await bot.WaitForAsk(), People.Ada);
        for (var beginning = TimeProvider.System.GetTimestamp(); !File.Exists($"{az.Executable}.folder");)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(beginning) < TimeSpan.FromSeconds(60), "It never began to sign in.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, BotClient.Cancellation);
        }

        var folder = File.ReadAllText($"{az.Executable}.folder").Trim();
        Assert.True(Directory.Exists(folder));
        // Nothing is claimed while it lasts: a bot that dies now has left nothing that nobody knows.
        Assert.Equal(1, await bot.Count("SELECT COUNT(*) FROM proposals WHERE status = 'Approved'"));
        if (stopped)
        {
            await bot.Say(People.Sam, "stop");
            await bot.WaitForCard("Blocked");
        }

        File.WriteAllText($"{az.Executable}.go", "");
        if (!stopped)
        {
            await bot.WaitForCard("Done");
        }

        for (var beginning = TimeProvider.System.GetTimestamp(); Directory.Exists(folder);)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(beginning) < TimeSpan.FromSeconds(60), "What the sign-in left is still there.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, BotClient.Cancellation);
        }

        Assert.Equal(stopped ? 0 : 1, az.Calls.Count(c => c[0] == "vm"));
        Assert.Equal(stopped ? 0 : 1, await bot.Count("SELECT COUNT(*) FROM proposals WHERE status = 'Succeeded'"));
        bot.Cloud.AssertNothingUnexpected();
    }
}
