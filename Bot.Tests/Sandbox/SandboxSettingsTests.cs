using Microsoft.Extensions.Configuration;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Roles;
using RunModes.Bot.Sandbox;

namespace RunModes.Bot.Tests.Sandbox;

public sealed class SandboxSettingsTests
{
    [Fact]
    public void They_are_settings_the_product_accepts()
    {
        using var world = new PracticeWorld();

        Assert.Empty(SettingsCheck.Problems(world.Configuration));
        Assert.Empty(RoleOptions.From(world.Configuration).Problems());
        Assert.Equal(
            [("production", "app-service-prod", RunMode.Review), ("staging", "app-service-staging", RunMode.Autonomous), ("stuck", "app-service-stuck", RunMode.Review)],
            world.Get<PlanSettings>().Plans.Select(plan => (plan.Name, plan.Resource, plan.Mode!.Value)));
    }

    [Fact]
    public void What_a_developer_sets_wins_over_them()
    {
        using var folder = new SandboxFolder();
        using var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Verification:GiveUpAfter"] = "00:00:05" });

        configuration.AddSandboxSettings(folder);

        Assert.Equal(new VerificationSettings(TimeSpan.Zero, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5)), PlanSettings.From(configuration).Verification);
    }

    [Fact]
    public void The_store_lives_in_a_folder_of_its_own_that_ends_with_the_sandbox()
    {
        string database;
        using (var folder = new SandboxFolder())
        using (var other = new SandboxFolder())
        {
            database = folder.Database;
            File.WriteAllText(database, "rows");
            Assert.NotEqual(database, other.Database);
        }

        Assert.False(Directory.Exists(Path.GetDirectoryName(database)));
    }
}
