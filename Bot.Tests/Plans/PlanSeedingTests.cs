using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Tests.Incidents;

namespace RunModes.Bot.Tests.Plans;

public sealed class PlanSeedingTests
{
    private readonly HeldStore _store = new();

    private Task Seed(params (string Key, string Value)[] settings) => new PlanSeeding(
        _store, _store,
        PlanSettings.From(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build()),
        new HeldClock(Samples.Noon), NullLogger<PlanSeeding>.Instance).Seed(TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_new_store_is_filled_and_afterwards_the_store_is_the_truth()
    {
        await Seed(("ResponsePlans:0:Name", "Web"), ("ResponsePlans:0:Mode", "Review"), ("Agent:DefaultRunMode", "Review"));
        await Seed(("ResponsePlans:0:Name", "web"), ("ResponsePlans:0:Mode", "Autonomous"), ("Agent:DefaultRunMode", "Autonomous"));

        Assert.Equal(RunMode.Review, Assert.Single(_store.Plans).Mode);
        Assert.Equal(RunMode.Review, _store.Control.DefaultMode);
        Assert.Equal([AuditKind.PlanChanged, AuditKind.ModeChanged], _store.Audit.Select(a => a.Kind));
    }

    [Fact]
    public async Task A_deleted_plan_is_not_revived()
    {
        _store.Tombstones.Add("web");
        await Seed(("ResponsePlans:0:Name", "web"));

        Assert.Empty(_store.Plans);
        Assert.Empty(_store.Audit);
    }

    [Fact]
    public async Task A_default_that_settings_do_not_name_stays_unset()
    {
        await Seed();

        Assert.Null(_store.Control.DefaultMode);
    }
}
