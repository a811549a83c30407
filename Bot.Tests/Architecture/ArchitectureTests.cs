using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Architecture;

public sealed class ArchitectureTests
{
    private static readonly IReadOnlyList<Code> Bot = Assemblies.Written;

    [Fact]
    public void Folders_use_only_whom_they_may()
    {
        MustFail(Rules.Dependencies([Assemblies.Canary<Canaries.UsesStorage>("Runs")]), "UsesStorage (Runs) uses Storage");
        MustFail(Rules.Dependencies([Assemblies.Canary<Canaries.UsesStorage>("Unheard of")]), "uses Storage");

        Assert.Empty(Rules.Dependencies(Bot));
        Assert.DoesNotContain(Rules.MayUse, rule => rule.Key is not ("" or "Sandbox" or "Cli") && rule.Value.Any(used => used is "Storage" or "Teams" or "Sandbox" or "Cli"));
        Assert.All(Rules.MayUse, rule => Assert.All(rule.Value, used => Assert.DoesNotContain(rule.Key, rule.Key is "" or "Sandbox" or "Cli" ? [] : Rules.MayUse[used])));
    }

    [Fact]
    public void Packages_stay_home()
    {
        MustFail(Rules.Packages([Assemblies.Canary<Canaries.UsesDapper>("Runs")]), "Microsoft.Data.Sqlite.SqliteConnection");

        Assert.Empty(Rules.Packages(Bot));
    }

    [Fact]
    public void Proposals_and_Gate_are_pure()
    {
        MustFail(Rules.Purity([Assemblies.Canary<Canaries.ReadsFiles>("Gate")]), "System.IO.File");
        MustFail(Rules.Purity([Assemblies.Canary<Canaries.OwnsClock>("Proposals")]), "TimeProvider::get_System");
        MustFail(Rules.Purity([Assemblies.Canary<Canaries.StartsProcess>("Proposals")]), "System.Diagnostics.Process");

        Assert.Empty(Rules.Purity(Bot));
        Assert.Contains(Bot, c => c.Folder == "Gate");
    }

    [Fact]
    public void One_class_and_the_playground_start_processes_and_only_a_permit_or_a_read_leads_there()
    {
        MustFail(Rules.Processes([Assemblies.Canary<Canaries.StartsProcess>("Runs")]), "StartsProcess");
        MustFail(Rules.Processes([Assemblies.Canary<Canaries.StartsProcess>("Execution")]), "StartsProcess");
        MustFail(Rules.Runners([Assemblies.Canary<Canaries.RunsTools>("Runs")]), "RunsTools");
        MustFail(Rules.Runners([Assemblies.Canary<Canaries.RunsTools>("Execution")]), "RunsTools");
        MustFail(Rules.Runners([Assemblies.Canary<Canaries.PreparesTools>("Execution")]), "PreparesTools");
        Assert.Empty(Rules.Runners(Bot));

        Assert.Empty(Rules.Processes(Bot));
    }

    [Fact]
    public void Time_is_always_the_clock_that_was_given()
    {
        MustFail(Rules.Clocks([Assemblies.Canary<Canaries.ReadsWallClock>("Runs")]), "get_UtcNow");
        MustFail(Rules.Clocks([Assemblies.Canary<Canaries.Sleeps>("Runs")]), "Sleep");
        MustFail(Rules.Clocks([Assemblies.Canary<Canaries.Delays>("Runs")]), "Delay");
        MustFail(Rules.Clocks([Assemblies.Canary<Canaries.TimesOut>("Runs")]), "CancellationTokenSource");
        Assert.Empty(Rules.Clocks([Assemblies.Canary<Canaries.DelaysByProvider>("Runs")]));

        Assert.Empty(Rules.Clocks(Bot));
    }

    [Fact]
    public void Nothing_but_a_closed_list_says_more_than_GET()
    {
        MustFail(Rules.HttpWrites([Assemblies.Canary<Canaries.Posts>("Execution")]), "get_Post");
        MustFail(Rules.HttpWrites([Assemblies.Canary<Canaries.PostsByClient>("Execution")]), "PostAsync");

        Assert.Empty(Rules.HttpWrites(Bot));
    }

    [Fact]
    public void A_permit_is_made_in_one_place_and_won_in_one_place()
    {
        MustFail(Rules.PermitWinners([Assemblies.Canary<Canaries.WinsPermits>("Chat")]), "WinsPermits");

        var permit = typeof(Bot.Proposals.ExecutionPermit);
        Assert.All(permit.GetConstructors(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic), c => Assert.True(c.IsPrivate));
        Assert.Equal([permit.FullName!], Rules.PermitMakers(Bot));
        Assert.Equal(["Win"], permit.GetMethods(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic)
            .Where(m => !m.Name.Contains('<', StringComparison.Ordinal)).Select(m => m.Name));
        Assert.Equal([typeof(Bot.Runs.Executions).FullName!], Rules.PermitWinners(Bot));
    }

    [Fact]
    public void An_executor_takes_a_permit_and_nothing_less()
    {
        MustFail(Rules.ExecutorsWithoutPermit([Assemblies.Canary<Canaries.RawExecutor>("Execution")]), "RawExecutor::Execute");

        Assert.Empty(Rules.ExecutorsWithoutPermit(Bot));
        Assert.Contains(Bot, c => c.Type.Name == "ArmExecutor");
    }

    [Fact]
    public void Types_are_named_with_the_nouns_of_the_field()
    {
        MustFail(Rules.Names([Assemblies.Canary<Canaries.RunManager>("Runs")]), "RunManager");

        Assert.Empty(Rules.Names(Bot));
    }

    [Fact]
    public async Task The_first_member_of_every_enum_is_the_safe_one_and_was_looked_at()
    {
        var enums = Assemblies.Enums.ToList();
        Assert.All(enums, e => Assert.Contains(e.Fields, f => f.HasConstant && Convert.ToInt64(f.Constant, System.Globalization.CultureInfo.InvariantCulture) == 0));

        await Golden.MustEqual("Bot.Tests/Architecture/Golden/first-members.txt", enums
            .Select(e => $"{e.FullName.Replace('/', '.')[(Code.Root.Length + 1)..]}: {e.Fields.First(f => f.HasConstant && Convert.ToInt64(f.Constant, System.Globalization.CultureInfo.InvariantCulture) == 0).Name}")
            .Order(StringComparer.Ordinal));
    }

    private static void MustFail(IEnumerable<string> violations, string because) => Assert.Contains(violations, v => v.Contains(because, StringComparison.Ordinal));
}
