using Microsoft.Extensions.Configuration;
using RunModes.Bot.Gate;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Plans;

public sealed class SettingsCheckTests
{
    private static IConfiguration Settings(params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, s.Value))).Build();

    private static IConfiguration Sample => new ConfigurationBuilder().AddJsonFile(Repository.Path("appsettings.sample.json")).Build();

    public static TheoryData<string, string, string> Problems => new()
    {
        { "Agent:DefaultMode", "Review", "Agent:DefaultMode: unknown key" },
        { "Agent:DefaultRunMode", "Automated", "Agent:DefaultRunMode: 'Automated' is not a run mode; use Review or Autonomous." },
        { "Agent:DefaultRunMode", "1", "Agent:DefaultRunMode: '1' is not a run mode" },
        { "Agent:ApprovalExpiry", "00:00:00.5", "Agent:ApprovalExpiry: '00:00:00.5' is not a duration from 1 second to 7 days" },
        { "Agent:ApprovalExpiry", "7.00:00:01", "Agent:ApprovalExpiry:" },
        { "Agent:ApprovalExpiry", "-01:00:00", "Agent:ApprovalExpiry:" },
        { "Agent:ApprovalExpiry", "60", "Agent:ApprovalExpiry:" },
        { "Agent:ApprovalExpiry", "1h", "Agent:ApprovalExpiry:" },
        { "Agent:ApprovalExpiry", "00:00:00", "Agent:ApprovalExpiry:" },
        { "Agent:ApprovalExpiry:Minutes", "5", "Agent:ApprovalExpiry: is one value" },
        { "Agent:TimeZone", "Atlantis/Sunken", "Agent:TimeZone: 'Atlantis/Sunken' is not a time zone" },
        { "Verification:Settle", "8.00:00:00", "Verification:Settle:" },
        { "Verification:Interval", "00:00:00", "Verification:Interval:" },
        { "Verification:GiveUp", "00:10:00", "Verification:GiveUp: unknown key" },
        { "Roles:Administrators:Groups:0", "x", "Roles:Administrators: unknown key" },
        { "Roles:Administrator:Groups", "x", "Roles:Administrator:Groups: is a list" },
        { "Store:Path", "x", "Store:Path: unknown key" },
        { "Audit:Keys", "x", "Audit:Keys: unknown key" },
        { "Incidents:AzureMonitor:Keys", "x", "Incidents:AzureMonitor:Keys: unknown key" },
        { "Incidents:ServiceNow:Key", "x", "Incidents:ServiceNow: unknown key" },
        { "Budget:PerTargetPerHour", "-1", "Budget:PerTargetPerHour: '-1' is not a whole number" },
        { "Budget:PerBotPerHour", "many", "Budget:PerBotPerHour:" },
        { "ResponsePlans", "prod", "ResponsePlans: is a list" },
        { "ResponsePlans:prod:Name", "x", "ResponsePlans:prod: is not an entry of a list" },
        { "ResponsePlans:0:Mod", "Review", "ResponsePlans:0:Mod: unknown key" },
        { "ResponsePlans:0:Name", "", "ResponsePlans:0:Name: is missing" },
        { "ResponsePlans:0:Name", "Default", "ResponsePlans:0:Name: 'Default' is a word of the chat commands" },
        { "ResponsePlans:0:Name", "all", "ResponsePlans:0:Name: 'all' is a word" },
        { "ResponsePlans:0:Name", "stop", "ResponsePlans:0:Name: 'stop' is a word" },
        { "ResponsePlans:0:Name", "a\"b", "ResponsePlans:0:Name: may hold letters" },
        { "ResponsePlans:0:Name", "<at>x</at>", "ResponsePlans:0:Name: may hold letters" },
        { "ResponsePlans:1:Name", "WEB", "ResponsePlans:1:Name: 'WEB' is there twice" },
        { "ResponsePlans:0:Mode", "Auto", "ResponsePlans:0:Mode: 'Auto' is not a run mode" },
        { "ResponsePlans:0:Platform", "Nagios", "ResponsePlans:0:Platform: 'Nagios' is not a platform" },
        { "ResponsePlans:0:Severities:0", "Critical", "ResponsePlans:0:Severities: 'Critical' never comes from AzureMonitor" },
        { "ResponsePlans:0:SubscriptionId", "prod", "ResponsePlans:0:SubscriptionId: 'prod' is not a GUID" },
        { "ResponsePlans:0:ResourceType", "sites", "ResponsePlans:0:ResourceType: 'sites' is not a resource type" },
        { "ResponsePlans:0:Resource", "/subscriptions/x", "ResponsePlans:0:Resource: is neither" },
        { "ResponsePlans:0:Resource", "rg/app", "ResponsePlans:0:Resource: is neither" },
        { "ResponsePlans:0:Attempts", "0", "ResponsePlans:0:Attempts:" },
        { "ResponsePlans:0:MergeEnabled", "yes", "ResponsePlans:0:MergeEnabled: 'yes' is neither true nor false" },
        { "ResponsePlans:0:Digest", "sometimes", "ResponsePlans:0:Digest:" },
        { "ResponsePlans:0:MergeWindow", "00:00:00", "ResponsePlans:0:MergeWindow:" },
        { "ResponsePlans:0:ApprovalExpiry", "8.00:00:00", "ResponsePlans:0:ApprovalExpiry:" },
        { "ScheduledTasks", "x", "ScheduledTasks: is a list" },
        { "ScheduledTasks:0:Crn", "0 8 * * *", "ScheduledTasks:0:Crn: unknown key" },
        { "ScheduledTasks:0:Name", "", "ScheduledTasks:0:Name: is missing; give it a name" },
        { "ScheduledTasks:0:Name", "stop", "ScheduledTasks:0:Name: 'stop' is a word of the chat commands" },
        { "ScheduledTasks:1:Name", "WAITING", "ScheduledTasks:1:Name: 'WAITING' is there twice" },
        { "ScheduledTasks:0:Cron", "", "ScheduledTasks:0:Cron: is missing; write five cron fields" },
        { "ScheduledTasks:0:Cron", "0 8 1 * 1", "ScheduledTasks:0:Cron: '0 8 1 * 1': the day of the month and the weekday cannot both be restricted" },
        { "ScheduledTasks:0:Cron", "every 7 minutes", "ScheduledTasks:0:Cron: 'every 7 minutes': every 7 minutes does not divide the hour evenly" },
        { "ScheduledTasks:0:Does", "", "ScheduledTasks:0:Does: is missing; use PendingReminder or Steps" },
        { "ScheduledTasks:0:Does", "1", "ScheduledTasks:0:Does: '1' is nothing a task does" },
        { "ScheduledTasks:0:Does", "HealthCheck", "ScheduledTasks:0:Scope: is missing; a HealthCheck looks at a resource group" },
        { "ScheduledTasks:0:Does", "CostReport", "ScheduledTasks:0:Scope: is missing; a CostReport looks at a subscription or a resource group" },
        { "ScheduledTasks:0:Does", "Steps", "ScheduledTasks:0:Steps: are missing; write restart, start or stop" },
        { "ScheduledTasks:0:Scope", "/subscriptions/x", "ScheduledTasks:0:Scope: a PendingReminder looks at no resource" },
        { "ScheduledTasks:0:Steps:0", "restart x", "ScheduledTasks:0:Steps: a PendingReminder has none" },
        { "ScheduledTasks:0:Mode", "auto", "ScheduledTasks:0:Mode: 'auto' is not a run mode" },
        { "ScheduledTasks:0:RunLimit", "0", "ScheduledTasks:0:RunLimit:" },
        { "ScheduledTasks:0:Until", "31.12.2027", "ScheduledTasks:0:Until: '31.12.2027' is not a day" },
        { "ScheduledTasks:0:Until", "9999-12-31", "ScheduledTasks:0:Until: '9999-12-31' is not a day" },
        { "ScheduledTasks:0:SameThread", "1", "ScheduledTasks:0:SameThread:" },
        { "Hooks", "x", "Hooks: is a list" },
        { "ResponsePlans:0:Tools:0", "mail to Ada <ada@contoso.com>: x | y", "ResponsePlans:0:Tools: 'Ada <ada@contoso.com>' is not one plain address" },
        { "ResponsePlans:0:Tools:0", "restart it", "ResponsePlans:0:Tools: 'restart it' is no tool; write get" },
        { "ResponsePlans:0:Tools:0", "query prod: cluster('x').T", "ResponsePlans:0:Tools: 'cluster(…)' reads another place" },
        { "Tools:Mail:Sender", "x", "Tools:Mail: unknown key" },
        { "Tools:SendMail:Sender", "SRE <sre@contoso.com>", "Tools:SendMail:Sender: 'SRE <sre@contoso.com>' is no mailbox" },
        { "Tools:SendMail:Recipients:0", "ada@fabrikam.com", "Tools:SendMail:Sender: is missing" },
        { "Tools:SendMail:Recipients:0", "@fabrikam.com", "Tools:SendMail:Recipients: '@fabrikam.com' is not one plain address" },
        { "Tools:SendMail:PerHour", "0", "Tools:SendMail:PerHour: '0' is not a whole number" },
        { "Tools:QueryLogs:Workspaces:0:Name", "two words", "Tools:QueryLogs:Workspaces:0:Name: 'two words' is no name" },
        { "Tools:QueryLogs:Workspaces:0:Id", "/subscriptions/x", "Tools:QueryLogs:Workspaces:0:Id: '/subscriptions/x' is not the id of a workspace" },
        { "Tools:QueryLogs:Workspaces:0:Key", "x", "Tools:QueryLogs:Workspaces:0:Key: unknown key" },
        { "Incidents:PagerDuty:Token", "x", "Incidents:PagerDuty:Token: unknown key" },
        { "MicrosoftAppSecret", "x", "MicrosoftAppSecret: unknown key" },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void Each_problem_is_one_line_that_names_key_and_fix(string key, string value, string line)
    {
        var given = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { ["ResponsePlans:0:Name"] = "web", [key] = value };
        if (!key.StartsWith("ResponsePlans:", StringComparison.Ordinal) || key.Contains("prod", StringComparison.Ordinal))
        {
            given.Remove("ResponsePlans:0:Name");
        }

        if (key.StartsWith("ScheduledTasks:", StringComparison.Ordinal))
        {
            given = new(StringComparer.OrdinalIgnoreCase) { ["ScheduledTasks:0:Name"] = "waiting", ["ScheduledTasks:0:Cron"] = "every hour", ["ScheduledTasks:0:Does"] = "PendingReminder", [key] = value };
        }

        var problem = Assert.Single(SettingsCheck.Problems(new ConfigurationBuilder().AddInMemoryCollection(given).Build()), p => p.StartsWith(key.Split(':')[0], StringComparison.Ordinal) && p.StartsWith(line, StringComparison.Ordinal));
        Assert.Matches(@"[;,] |: is one value|names|choose|give|entries", problem);
        Assert.DoesNotContain('\n', problem);
    }

    [Fact]
    public void Nothing_set_and_other_peoples_keys_are_no_problem() => Assert.Empty(SettingsCheck.Problems(Settings(
        ("Logging:LogLevel:Default", "Information"), ("AllowedHosts", "*"), ("AGENT", "an unrelated variable"), ("ScheduledTasks", ""), ("Hooks", null), ("PATH", "/bin"))));

    [Fact]
    public void The_sample_has_no_problem_and_means_what_the_defaults_mean()
    {
        var settings = PlanSettings.From(Sample);

        Assert.Empty(SettingsCheck.Problems(Sample));
        Assert.Empty(IncidentSettings.From(Sample).Problems());
        Assert.Equal(new AgentSettings { DefaultRunMode = RunMode.Review }, settings.Agent);
        Assert.Equal((VerificationSettings.Default, AutonomyBudget.Default), (settings.Verification, settings.Budget));
        var plan = Assert.Single(settings.Plans);
        Assert.Equal((RunMode.Review, "app-service-prod", 3, true, TimeSpan.FromHours(3)), (plan.Mode!.Value, plan.Resource, plan.Attempts, plan.Enabled, plan.MergeWindow));
        Assert.Equal(2, IncidentSettings.From(Sample).Closed().Count());
    }

    [Fact]
    public void The_sample_shows_every_key_that_the_check_knows()
    {
        var sample = File.ReadAllText(Repository.Path("appsettings.sample.json"));
        var known = SettingsCheck.Problems(Settings(("Agent:?", ""), ("Verification:?", ""), ("Roles:?", ""), ("Roles:Administrator:?", ""), ("Roles:StandardUser:?", ""), ("Store:?", ""),
                ("Audit:?", ""), ("Incidents:?", ""), ("Incidents:AzureMonitor:?", ""), ("Incidents:PagerDuty:?", ""), ("ResponsePlans:0:?", ""), ("Budget:?", "")))
            .Where(line => line.Contains("unknown key", StringComparison.Ordinal))
            .SelectMany(line => line[(line.IndexOf("one of ", StringComparison.Ordinal) + 7)..].TrimEnd('.').Split(", ")).ToList();

        Assert.True(known.Count > 40);
        Assert.All(known, key => Assert.Contains($"\"{key}\"", sample, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("00:00:00", 0)]
    [InlineData("00:00:01", 1)]
    [InlineData("7.00:00:00", 604800)]
    public void Settle_may_be_nothing_at_all(string text, int seconds)
    {
        var settings = PlanSettings.From(Settings(("Verification:Settle", text)));

        Assert.Empty(settings.Problems);
        Assert.Equal(TimeSpan.FromSeconds(seconds), settings.Verification.Settle);
    }

    [Theory]
    [InlineData("review", RunMode.Review)]
    [InlineData("AUTONOMOUS", RunMode.Autonomous)]
    [InlineData("Automatic", RunMode.Autonomous)]
    internal void Modes_parse_without_regard_to_case(string text, RunMode mode) =>
        Assert.Equal(mode, Assert.Single(PlanSettings.From(Settings(("ResponsePlans:0:Name", "web"), ("ResponsePlans:0:Mode", text))).Plans).Mode);

    [Fact]
    public void A_missing_mode_is_none_stored() => Assert.Null(Assert.Single(PlanSettings.From(Settings(("ResponsePlans:0:Name", "web"))).Plans).Mode);

    [Theory]
    [InlineData("Incidents:PagerDuty:Services:P1", "shop", "Incidents:PagerDuty:Services:P1: is not the id of an Azure resource")]
    [InlineData("Incidents:PagerDuty:SigningSecrets:0", " ", "Incidents:PagerDuty:SigningSecrets:0: is empty")]
    [InlineData("Incidents:AzureMonitor:Audience", "api://x", "Incidents:AzureMonitor:Audience: needs MicrosoftAppTenantId")]
    public void Sources_of_alerts_are_checked_too(string key, string value, string line) =>
        Assert.StartsWith(line, Assert.Single(IncidentSettings.From(Settings((key, value))).Problems()), StringComparison.Ordinal);

    [Theory]
    [InlineData("key", "", "", "Incidents:PagerDuty:From: is empty")]
    [InlineData("", "bot@contoso.example", "", "Incidents:PagerDuty:ApiKey: is empty")]
    [InlineData("key", "nobody", "", "Incidents:PagerDuty:From: is not an e-mail address")]
    [InlineData("key", "a@b\r\nX: y", "", "Incidents:PagerDuty:From: is not an e-mail address")]
    [InlineData("key", "bot@contoso.example", "https://api.pagerduty.com.evil.example", "Incidents:PagerDuty:Address: is not an address of PagerDuty's REST API")]
    [InlineData("key", "bot@contoso.example", "http://api.pagerduty.com", "Incidents:PagerDuty:Address: is not an address")]
    [InlineData("key", "bot@contoso.example", "https://api.eu.pagerduty.com/", null)]
    [InlineData("", "", "", null)]
    public void Writing_back_needs_a_key_a_user_and_PagerDutys_own_address(string key, string from, string address, string? line)
    {
        var settings = IncidentSettings.From(Settings(("Incidents:PagerDuty:ApiKey", key), ("Incidents:PagerDuty:From", from), ("Incidents:PagerDuty:Address", address)));

        Assert.Equal(line is null ? 0 : 1, settings.Problems().Count());
        Assert.All(settings.Problems(), p => Assert.StartsWith(line!, p, StringComparison.Ordinal));
        Assert.Equal(address.Contains(".eu.", StringComparison.Ordinal) ? "api.eu.pagerduty.com" : "api.pagerduty.com", settings.Api.Host);
    }

    [Fact]
    public void Whether_alerts_are_closed_is_true_or_false()
    {
        Assert.StartsWith("Incidents:AzureMonitor:WriteBack: 'yes' is neither", Assert.Single(IncidentSettings.From(Settings(("Incidents:AzureMonitor:WriteBack", "yes"))).Problems()), StringComparison.Ordinal);
        Assert.True(IncidentSettings.From(Settings(("Incidents:AzureMonitor:WriteBack", "True"))).ClosesAlerts);
        Assert.False(IncidentSettings.From(Settings()).ClosesAlerts);
    }
}
