using System.Net;
using System.Text.Json.Nodes;
using RunModes.Bot.Investigation;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Investigation;

public sealed class Virtual_machine_situations
{
    private const string Machine = "Microsoft.Compute/virtualMachines";

    private static AzureWorld Hung => new() { App = "vm-shop-1", Type = Machine };

    private static AzureWorld In(string power) => new() { App = "vm-shop-1", Type = Machine, Power = power };

    private static AzureWorld Well => Hung.Metric(VirtualMachineRunbook.AvailabilityMetric, _ => 1);

    /// <summary>Situation → the world, the conclusion, and words the finding must hold.</summary>
    private static readonly Dictionary<string, (Func<AzureWorld> World, Conclusion Conclusion, string[] Says)> Table = new()
    {
        ["sick: powered on, does not answer"] = (() => Hung, Conclusion.Sick, ["vm-shop-1 is powered on but does not answer since 02:51 UTC (its guest agent: Not Ready)"]),
        ["answers in half of each minute"] = (() => Hung.Metric(VirtualMachineRunbook.AvailabilityMetric, ago => ago < 10 ? 0.5 : 1), Conclusion.Sick, ["does not answer since 03:01 UTC"]),
        ["restarted an hour ago, in vain"] = (() => Hung.Happened(60, $"{Machine}/restart/action"), Conclusion.Sick, ["does not answer"]),
        ["log forbidden (403)"] = (() => Hung.Fails("eventtypes", HttpStatusCode.Forbidden, "AuthorizationFailed"), Conclusion.Sick, ["Whether somebody is at work on it is not known", "Monitoring Reader"]),
        ["Resource Health blames the guest"] = (() => new AzureWorld { App = "vm-shop-1", Type = Machine, Health = new JsonObject { ["availabilityState"] = "Unavailable", ["context"] = "Customer Initiated", ["summary"] = "The guest does not answer." } },
            Conclusion.Sick, ["does not answer"]),
        ["never sick"] = (() => Well, Conclusion.NeverSick, ["is available and was so for the last hour"]),
        ["recovered by itself"] = (() => Hung.Metric(VirtualMachineRunbook.AvailabilityMetric, ago => ago is > 5 and < 15 ? 0 : 1), Conclusion.Recovered, ["was unavailable until 03:06 UTC"]),
        ["deployed five minutes ago"] = (() => Hung.Happened(5, $"{Machine}/extensions/write", on: $"{Hung.Id}/extensions/agent"), Conclusion.OtherCause, ["03:05 extension installed by ana@contoso.example"]),
        ["restarted four minutes ago"] = (() => Hung.Happened(4, $"{Machine}/restart/action"), Conclusion.OtherCause, ["was restarted at 03:06 UTC by ana@contoso.example and may still be booting"]),
        ["changed two minutes ago"] = (() => Hung.Happened(2, $"{Machine}/write"), Conclusion.OtherCause, ["machine changed by"]),
        ["Azure is at work on it"] = (() => new AzureWorld { App = "vm-shop-1", Type = Machine, Provisioning = "Updating" }, Conclusion.OtherCause, ["is not over (Updating)"]),
        ["its host failed"] = (() => new AzureWorld { App = "vm-shop-1", Type = Machine, Health = new JsonObject { ["availabilityState"] = "Unavailable", ["context"] = "Platform Initiated", ["summary"] = "Host failed." } },
            Conclusion.OtherCause, ["problem of its platform", "Host failed."]),
        ["starting"] = (() => In("starting"), Conclusion.OtherCause, ["is starting"]),
        ["deallocated by nobody the log names"] = (() => In("deallocated"), Conclusion.OtherCause, ["names nobody who did it", "a restart does not start it"]),
        ["deallocated by a person"] = (() => In("deallocated").Happened(70, $"{Machine}/deallocate/action"), Conclusion.StoppedOnPurpose, ["deallocated at 02:00 UTC by ana@contoso.example", "it stays as it is"]),
        ["powered off by an application"] = (() => In("stopped").Happened(70, $"{Machine}/powerOff/action", "0c1d2e3f-4444-4555-8666-777788889999"), Conclusion.StoppedOnPurpose, ["powered off at 02:00 UTC by application"]),
        ["deallocated, log forbidden"] = (() => In("deallocated").Fails("eventtypes", HttpStatusCode.Forbidden, "AuthorizationFailed"), Conclusion.CouldNotTell, ["by whom cannot be told"]),
        ["metric missing"] = (() => Hung.Metric(VirtualMachineRunbook.AvailabilityMetric, _ => null), Conclusion.CouldNotTell, ["no value of VmAvailabilityMetric"]),
        ["metric stopped twenty minutes ago"] = (() => Hung.Metric(VirtualMachineRunbook.AvailabilityMetric, ago => ago < 20 ? null : 0), Conclusion.CouldNotTell, ["from 02:50 UTC"]),
        ["for a minute only"] = (() => Hung.Metric(VirtualMachineRunbook.AvailabilityMetric, ago => ago < 2 ? 0 : 1), Conclusion.CouldNotTell, ["only since 03:09 UTC"]),
        ["metrics forbidden (403)"] = (() => Hung.Fails("metricnames", HttpStatusCode.Forbidden, "AuthorizationFailed"), Conclusion.CouldNotTell, ["may not read metrics"]),
        ["machine forbidden (403)"] = (() => Hung.Fails("vm-shop-1?", HttpStatusCode.Forbidden, "AuthorizationFailed"), Conclusion.CouldNotTell, ["may not read vm-shop-1"]),
        ["state forbidden (403)"] = (() => Hung.Fails("instanceView", HttpStatusCode.Forbidden, "AuthorizationFailed"), Conclusion.CouldNotTell, ["may not read the state of vm-shop-1"]),
        ["no power state"] = (() => new AzureWorld { App = "vm-shop-1", Type = Machine, Power = null }, Conclusion.CouldNotTell, ["could not be understood"]),
        ["gone"] = (() => Hung.Fails("vm-shop-1?", HttpStatusCode.NotFound, "ResourceNotFound"), Conclusion.Gone, ["does not exist"]),
        ["wrong type"] = (() => new AzureWorld { Type = "Microsoft.Compute/virtualMachineScaleSets" }, Conclusion.NoRunbook, ["no runbook for Metric alerts on Microsoft.Compute/virtualMachineScaleSets"]),
    };

    public static TheoryData<string> Situations => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Situations))]
    public async Task A_situation_has_its_own_conclusion_and_only_hung_machines_get_a_remedy(string situation)
    {
        var (world, conclusion, says) = Table[situation];

        var (finding, remedy) = await world().Investigate();

        Assert.Equal(conclusion, finding.Conclusion);
        Assert.All(says, words => Assert.Contains(words, $"{finding.Present}. {finding.Gap}", StringComparison.Ordinal));
        Assert.Equal(conclusion == Conclusion.Sick, remedy is not null);
    }

    [Fact]
    public void The_table_covers_every_conclusion() =>
        Assert.Equal(Enum.GetValues<Conclusion>().Except([Conclusion.Informed]).ToHashSet(), Table.Values.Select(row => row.Conclusion).ToHashSet());

    [Fact]
    public async Task The_remedy_is_the_restart_of_this_very_machine_as_it_was_seen()
    {
        var world = Hung;

        var (finding, remedy) = await world.Investigate(world.Alert(signal: "Activity Log"));

        Assert.Equal(("vm-shop-1 was unavailable", "Restart virtual machine 'vm-shop-1'"), (finding.Past, remedy!.Operation.Title));
        Assert.Equal(
            ["power state is running", "provisioning state is Succeeded", "machine is 0f47b100-583c-48e3-a4c0-aefc2c9bbcc1"],
            remedy.Operation.Preconditions.Select(p => $"{p.Label} is {p.Value}"));
        Assert.Null(remedy.Undo);
        Assert.Equal(new Measurement("VmAvailabilityMetric", 0, "", new DateTimeOffset(2026, 3, 4, 3, 9, 0, TimeSpan.Zero)), finding.Symptom);
        Assert.Equal((false, false, true), (remedy.Recovery!.IsNormal(0), remedy.Recovery.IsNormal(0.9), remedy.Recovery.IsNormal(1)));
        Assert.Equal(
            [
                "Availability: did not answer in 19 of 59 minutes until 03:09 UTC " + new string('█', 8) + new string('▁', 4),
                "Power state: running at 03:10 UTC",
                "Guest agent: Not Ready",
                "CPU: 3 % at 03:09 UTC",
                "Size: Standard_D2s_v5",
                "Changes: none in the last 2 hours (activity log)",
                "Azure health: Available: No known platform problem.",
            ],
            finding.Evidence.Select(line => $"{line.Label}: {line.Text}"));
    }

    [Theory]
    [InlineData(8, "03:03", "did not answer in 7 of 59 minutes")]
    [InlineData(40, "02:31", "did not answer in 39 of 59 minutes")]
    public async Task Another_series_gives_other_numbers(double down, string since, string course)
    {
        var (finding, _) = await Hung.Metric(VirtualMachineRunbook.AvailabilityMetric, ago => ago < down ? 0 : 1).Investigate();

        Assert.Contains($"since {since} UTC", finding.Present, StringComparison.Ordinal);
        Assert.StartsWith(course, finding.Evidence.Single(line => line.Label == "Availability").Text, StringComparison.Ordinal);
    }
}
