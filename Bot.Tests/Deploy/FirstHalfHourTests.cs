using System.IO.Compression;
using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Deploy;

/// <summary>
/// What an administrator does who has the pages and nothing else: the script with the real Azure CLI and the real SDK, then the program that it published,
/// with the settings that the template writes. A tenant stands at the wire; what App Service reads from the vault, and the two managed identities, do not.
/// </summary>
public sealed class FirstHalfHourTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_a_file_of_parameters_to_the_report_on_the_first_alert()
    {
        Counterpart.RequireFile("/usr/bin/az", "The Azure CLI is not installed (apt-get install azure-cli).");
        using var scripted = new Scripted(realAz: true, realSdk: true);
        var key = await Deployed(scripted);

        using var where = StoreOfTest.PostgreSql();
        await using var home = await Home.New();
        await using var cloud = await BotProcess.World();
        var app = cloud.Sick(World.Prod);
        var settings = await Settings(app, key, home);
        var program = Path.Combine(scripted.Published, "RunModes.Bot.dll");
        await using var bot = await BotProcess.Start(cloud, settings, program: program);
        await bot.Install();
        await cloud.Teams.WaitFor(m => m.Kind != PostKind.Update, TimeSpan.FromSeconds(60), Cancellation);
        Assert.Contains("you are an Administrator", (await bot.Ask(People.Ada, "whoami")).Text, StringComparison.Ordinal);

        var doctor = await Command("doctor");
        Assert.True(doctor.Exit == 0, doctor.All);
        Assert.Contains($"ok    plan prod-web on {World.Prod}: ", doctor.Output, StringComparison.Ordinal);

        var alert = Path.Combine(home.Folder, "alert.json");
        await File.WriteAllTextAsync(alert, Alerts.Metric(app.Id, "High memory", "Sev1", cloud.Clock.GetUtcNow() - TimeSpan.FromMinutes(5)).ToJsonString(), Cancellation);
        var simulated = await Command("simulate", "--alert", alert);
        Assert.Contains("Then: a card asks for approval", simulated.Output, StringComparison.Ordinal);
        Assert.Empty(cloud.Arm.Mutations);

        await bot.Fire(app.Id);
        await bot.Approve(await bot.WaitForAsk(), People.Ada);
        await bot.WaitForCard("Done, recovered");
        Assert.Single(cloud.Arm.Mutations);
        await bot.Stop();
        var audit = await Command("audit", "verify");
        Assert.True(audit.Exit == 0, audit.All);
        cloud.AssertNothingUnexpected();

        Task<Ended> Command(params string[] words) => Programs.Run("dotnet", [program, .. words], Cancellation,
            settings.Select(s => (s.Key.Replace(":", "__", StringComparison.Ordinal), s.Value)).Concat(cloud.Environment.Select(e => (e.Key, (string?)e.Value))).ToDictionary(), home.Folder);
    }

    /// <returns>The audit key, as the vault has it now.</returns>
    private static async Task<string> Deployed(Scripted scripted)
    {
        var (azure, directory) = (new InstallerAzure(), new InstallerDirectory());
        await using var cloud = await FakeCloud.Start(cancellation: Cancellation);
        cloud.Replace(azure);
        cloud.Replace(directory);
        await scripted.SignIn(cloud, Cancellation);

        var deployed = await scripted.Deploy(Cancellation);

        Assert.True(deployed.Exit == 0, deployed.All);
        Assert.Contains("Done. Upload", deployed.Output, StringComparison.Ordinal);
        using var package = await ZipFile.OpenReadAsync(scripted.Package, Cancellation);
        await using var manifest = await package.GetEntry("manifest.json")!.OpenAsync(Cancellation);
        Assert.Equal(InstallerAzure.Bot, $"{(await JsonNode.ParseAsync(manifest, cancellationToken: Cancellation))!["bots"]![0]!["botId"]}");
        Assert.NotNull(package.GetEntry("color.png"));
        return $"{Assert.Single(azure.Deployments)["properties"]!["parameters"]!["auditKey"]!["value"]}";
    }

    /// <summary>What the template writes, with what the vault and the host put in for it; plan, key and haste are an administrator's <c>extraSettings</c>.</summary>
    private static async Task<Dictionary<string, string?>> Settings(WebApp app, string key, Home home)
    {
        (string Name, string Value)[] extra =
        [
            ("ResponsePlans__0__Name", "prod-web"), ("ResponsePlans__0__Resource", app.Id), ("ResponsePlans__0__Mode", "Review"), ("Incidents__AzureMonitor__Key", BotClient.WebhookKey),
            ("Verification__Settle", "00:00:00"), ("Verification__Interval", "00:00:01"), ("Verification__GiveUpAfter", "00:00:20"),
        ];
        var group = string.Join('/', app.Id.Split('/')[..5]);
        var expanded = await ExpandedTemplate.Of(
            [
                $"administratorGroups=[\"{Known.Administrators}\"]", $"watchedResourceGroups=[\"{group}\"]", $"operatedResourceGroups=[\"{group}\"]",
                $"extraSettings={new JsonArray([.. extra.Select(e => new JsonObject { ["name"] = e.Name, ["value"] = e.Value })]).ToJsonString()}",
            ], Cancellation);
        expanded.Ruling.MustBeGood();
        var settings = TemplateTests.Settings(Assert.Single(expanded.OfType("Microsoft.Web/sites")));
        Assert.Equal("PostgreSql", settings["Store:Provider"]);
        settings["Store:ConnectionString"] = home.Database;
        settings["Audit:Key"] = key;
        settings["Audit:AnchorFile"] = Path.Combine(home.Folder, "runmodes.anchors");
        foreach (var name in (string[])["MicrosoftAppType", "MicrosoftAppId", "MicrosoftAppTenantId", "MicrosoftAppPassword", "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"])
        {
            settings[name] = BotHost.Defaults(home.Folder)[name];
        }

        return settings;
    }
}
