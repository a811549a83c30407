using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RunModes.Bot.Execution;
using RunModes.Bot.Investigation;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Investigation;

/// <summary>The same questions over real TLS, with the agent's real token, to the cloud that every scenario uses.</summary>
public sealed class Against_the_cloud
{
    [Fact]
    public async Task A_sick_app_is_found_sick_with_its_own_numbers()
    {
        using var clock = new ManualClock();
        await using var cloud = await FakeCloud.Start(clock, TestContext.Current.CancellationToken);
        var app = cloud.Arm.App("app-service-prod", "rg-prod", Series.Rising(94), Series.Rising(4.2, 0.2));

        var (finding, remedy) = await Investigate(cloud, app.ShoutedId);

        Assert.Equal("app-service-prod is running slowly due to high memory usage", finding.Present);
        Assert.Equal((94, clock.GetUtcNow() - TimeSpan.FromMinutes(1)), (Math.Round(finding.Symptom!.Value), finding.Symptom.At));
        Assert.Equal(app.Id, remedy!.Operation.Match(arm => arm.Target.Value));
        Assert.DoesNotContain(finding.Evidence, line => line.Label == "Not read");
        cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task A_deployment_five_minutes_ago_is_the_first_suspect()
    {
        using var clock = new ManualClock();
        await using var cloud = await FakeCloud.Start(clock, TestContext.Current.CancellationToken);
        var app = cloud.Arm.App("app-service-prod", "rg-prod", Series.Rising(94), Series.Rising(4.2, 0.2));
        cloud.Arm.Deployed(app, TimeSpan.FromMinutes(5));

        var (finding, remedy) = await Investigate(cloud, app.Id);

        Assert.Equal(Conclusion.OtherCause, finding.Conclusion);
        Assert.Contains("pipeline@contoso.example", finding.Present, StringComparison.Ordinal);
        Assert.Null(remedy);
    }

    private static async Task<Investigated> Investigate(FakeCloud cloud, string target)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AZURE_TENANT_ID"] = Known.Tenant, ["AZURE_CLIENT_ID"] = Known.AgentClientId, ["AZURE_CLIENT_SECRET"] = Known.AgentSecret,
        }).Build();
        var collection = new ServiceCollection().AddSingleton(cloud.Clock).AddLogging().AddExecution(settings, sandbox: false).AddInvestigation();
        collection.AddHttpClient(ArmHttp.ClientName).ConfigurePrimaryHttpMessageHandler(cloud.CreateHandler);
        await using var services = collection.BuildServiceProvider();
        return await services.GetRequiredService<IInvestigator>().Investigate(new AzureWorld().Alert(target: target), null, TestContext.Current.CancellationToken);
    }
}
