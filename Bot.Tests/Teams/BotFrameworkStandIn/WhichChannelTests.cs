namespace RunModes.Bot.Tests.Teams.BotFrameworkStandIn;

/// <summary>In the build over the SDK alone: what the contract is held against there is the adapter.</summary>
public sealed class WhichChannelTests
{
    [Fact]
    public async Task Both_ports_are_the_adapters()
    {
        await using var world = await TeamsWorld.Start();

        Assert.Equal("SdkMessenger", world.Messenger.GetType().Name);
        await world.Messenger.Post(Known.InChat, Reporting.Message.Plain("Hello"), TestContext.Current.CancellationToken);
        Assert.Single(world.Microsoft.ToConnector);
        Assert.Equal("Recorded.", (string?)(await world.Answer(Known.Click()))["value"]);
        Assert.Contains(AppDomain.CurrentDomain.GetAssemblies(), a => a.GetType("Microsoft.Bot.Builder.Integration.AspNet.Core.CloudAdapter") is not null);
    }
}
