using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Deploy;

/// <summary><c>deploy.sh</c> and <c>uninstall.sh</c>: run, run again, and killed at each of their calls.</summary>
public sealed class ScriptTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_makes_everything_says_each_step_and_leaves_no_secret_behind()
    {
        using var scripted = new Scripted();
        var run = await scripted.Deploy(Cancellation);
        Assert.True(run.Exit == 0, run.All);
        Assert.All(Enumerable.Range(1, 9), step => Assert.Contains($"== {step}/9 ", run.Output, StringComparison.Ordinal));
        Assert.True(File.Exists(scripted.Package));
        Assert.Equal(3, scripted.Lines("assignments").Count);
        Assert.Contains(scripted.Lines("programs-run"), l => l.Contains("package --app-id 3f5c0c5e-8d1b-4d0a-9d65-2f1f8a4c7b10 --tenant 99999999-", StringComparison.Ordinal));

        // Neither on a command line, where everybody on the machine reads it, nor on the screen, nor in a file that stays.
        var (password, key) = (Assert.Single(scripted.Lines("passwords")), Assert.Single(scripted.Lines("keys")));
        Assert.Matches("^Rm[0-9a-f]{48}$", password);
        Assert.Matches("^[0-9a-f]{64}$", key);
        Assert.All(new[] { password, key }, secret => Assert.DoesNotContain(secret, $"{run.All}{string.Join('\n', scripted.Calls)}", StringComparison.Ordinal));
        Assert.Empty(scripted.Litter);
    }

    [Fact]
    public async Task A_second_run_changes_nothing_and_keeps_password_and_audit_key()
    {
        using var scripted = new Scripted();
        Assert.Equal(0, (await scripted.Deploy(Cancellation)).Exit);
        string[] secrets = [.. scripted.Lines("passwords"), .. scripted.Lines("keys")];
        var before = scripted.State();

        var again = await scripted.Deploy(Cancellation);

        Assert.True(again.Exit == 0, again.All);
        Assert.Equal(before, scripted.State());
        Assert.Equal(secrets, scripted.Lines("passwords").Concat(scripted.Lines("keys")));
        Assert.Empty(scripted.Lines("broken"));
    }

    [Theory]
    [InlineData("after")]
    [InlineData("within")]
    public async Task Killed_after_any_of_its_changes_the_next_run_finishes_what_it_began(string how)
    {
        using var undisturbed = new Scripted();
        Assert.Equal(0, (await undisturbed.Deploy(Cancellation)).Exit);
        var changes = Changes(undisturbed.Calls);
        Assert.True(changes.Count > 8);

        await Parallel.ForEachAsync(how == "within" ? [1 + undisturbed.Calls.ToList().FindIndex(c => c.StartsWith("deployment group create", StringComparison.Ordinal))] : changes, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = Cancellation }, async (at, cancellation) =>
        {
            using var scripted = new Scripted();
            var killed = await scripted.Deploy(cancellation, null, ("DIE_AT", $"{at}"), ("DIE", how));
            Assert.True(killed.Exit == 137, $"{at}: {killed.All}");

            var finished = await scripted.Deploy(cancellation);

            Assert.True(finished.Exit == 0, $"{at}: {finished.All}");
            Assert.Equal(undisturbed.State(), scripted.State());
            Assert.Empty(scripted.Lines("broken"));
            Assert.Single(scripted.Lines("keys"));
            Assert.Equal(scripted.Lines("passwords")[^1], scripted.Lines("connection")[^1]);
        });
    }

    [Fact]
    public async Task Where_it_cannot_be_told_whether_a_secret_exists_none_is_made()
    {
        using var scripted = new Scripted();
        Assert.Equal(0, (await scripted.Deploy(Cancellation)).Exit);
        scripted.Put("secrets-read", "");
        System.IO.File.Delete(Path.Combine(Path.GetDirectoryName(scripted.Parameters)!, "azure", "secrets"));

        var run = await scripted.Deploy(Cancellation, null, ("UNSURE", "1"));

        Assert.Equal(1, run.Exit);
        Assert.Contains("it could not be told whether the secret store-connection exists", run.Errors, StringComparison.Ordinal);
        Assert.Single(scripted.Lines("keys"));
        Assert.Single(scripted.Calls, c => c.StartsWith("deployment group create", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_earlier_deployment_that_still_runs_is_waited_for_before_secrets_are_looked_at()
    {
        using var scripted = new Scripted();
        scripted.Put("groups", Scripted.Group);
        scripted.Put("tags", "runmodes=runmodes");
        scripted.Put("deployments", "Running");
        var run = await scripted.Deploy(Cancellation);
        Assert.True(run.Exit == 0, run.All);
        var calls = scripted.Calls.Select(c => c.Split(" --")[0]).ToList();
        Assert.InRange(calls.IndexOf("deployment group wait"), 0, calls.IndexOf("resource list"));
    }

    [Fact]
    public async Task Without_the_right_to_grant_it_goes_on_and_says_what_is_left_for_whom()
    {
        using var scripted = new Scripted();
        var run = await scripted.Deploy(Cancellation, null, ("REFUSE", "POST.*appRoleAssignments"));
        Assert.Equal(1, run.Exit);
        Assert.Contains("User.Read.All is not granted to the bot: a Privileged Role Administrator runs this script again", run.Output, StringComparison.Ordinal);
        Assert.Contains("Azure Monitor has not got the role", run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(scripted.Package));

        // Somebody who may runs it later: only that was missing.
        Assert.Equal(0, (await scripted.Deploy(Cancellation)).Exit);
        Assert.Equal(3, scripted.Lines("assignments").Count);
    }

    [Theory]
    [InlineData("account show", 2, "az is not signed in")]
    [InlineData("group exists", 1, "could not say whether the resource group exists")]
    [InlineData("GET.*applications", 1, "--without-webhook goes on without it")]
    [InlineData("resource list", 1, "the vaults could not be listed")]
    [InlineData("deployment group create", 1, "the deployment failed")]
    [InlineData("webapp deploy", 1, "the program could not be uploaded")]
    public async Task What_Azure_refuses_ends_it_with_what_to_do_and_what_exists_stays(string refused, int exit, string told)
    {
        using var scripted = new Scripted();
        var run = await scripted.Deploy(Cancellation, null, ("REFUSE", refused));
        Assert.Equal(exit, run.Exit);
        Assert.Contains(told, run.Errors, StringComparison.Ordinal);
        Assert.Empty(scripted.Litter);
    }

    [Fact]
    public async Task A_bot_that_does_not_get_ready_is_said_and_what_the_vault_holds_is_looked_up_again_meanwhile()
    {
        using var scripted = new Scripted();
        var run = await scripted.Deploy(Cancellation, null, ("NOT_READY", "1"));
        Assert.Equal(1, run.Exit);
        Assert.Contains("The bot does not say that it is ready yet", run.Output, StringComparison.Ordinal);
        Assert.Equal(5, scripted.Calls.Count(c => c.Contains("Microsoft.Web/sites/app-runmodes-x/config/configreferences/appsettings/refresh", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Wrong_use_is_told_before_anything_is_made()
    {
        using var scripted = new Scripted();
        (string[] More, string Told)[] wrong =
        [
            (["--name", "Run Modes"], "--name: 3 to 12 lower-case letters"), (["--parameters", "/nowhere.json"], "there is no file"), (["--colour", "green"], "'--colour' is not an option"),
            (["--parameters", Repository.Path("deploy/parameters.json")], "still holds the zeros"), (["--location"], "usage: deploy/deploy.sh"),
        ];
        foreach (var (more, told) in wrong)
        {
            var run = await scripted.Deploy(Cancellation, more);
            Assert.Equal(2, run.Exit);
            Assert.Contains(told, run.Errors, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(scripted.Parameters, """{ "parameters": { "auditKey": { "value": "x" } } }""", Cancellation);
        Assert.Contains("belong into no file", (await scripted.Deploy(Cancellation)).Errors, StringComparison.Ordinal);
        Assert.Empty(scripted.Calls);
    }

    [Fact]
    public async Task A_group_that_holds_something_else_is_neither_used_nor_deleted()
    {
        using var scripted = new Scripted();
        scripted.Put("groups", Scripted.Group);
        scripted.Put("tags", "runmodes=another");
        foreach (var run in new[] { await scripted.Deploy(Cancellation), await scripted.Uninstall(Cancellation) })
        {
            Assert.Equal(2, run.Exit);
            Assert.Contains("it has no tag runmodes=runmodes", run.Errors, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(scripted.Calls, c => c.Contains("create", StringComparison.Ordinal) || c.Contains("delete", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Uninstalling_takes_the_rights_first_then_the_registration_then_the_group_and_may_be_killed_anywhere()
    {
        string[] roles =
        [
            "/subscriptions/s/resourceGroups/rg-production/providers/Microsoft.Authorization/roleAssignments/reader", "/subscriptions/s/resourceGroups/rg-production/providers/Microsoft.Authorization/roleAssignments/operator",
            "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/operator",
        ];
        using var installed = new Scripted();
        Assert.Equal(0, (await installed.Deploy(Cancellation)).Exit);
        installed.Put("roles", roles);
        using var whole = installed.Again();
        var run = await whole.Uninstall(Cancellation);
        Assert.True(run.Exit == 0, run.All);
        Assert.Equal([.. roles, $"application {whole.Lines("deleted")[3].Split(' ')[1]}", $"group {Scripted.Group}"], whole.Lines("deleted"));
        Assert.Equal(0, (await whole.Uninstall(Cancellation)).Exit);

        Assert.Equal(5, Changes(whole.Calls).Count);
        foreach (var at in Changes(whole.Calls))
        {
            using var scripted = installed.Again();
            Assert.Equal(137, (await scripted.Uninstall(Cancellation, null, ("DIE_AT", $"{at}"))).Exit);
            var finished = await scripted.Uninstall(Cancellation);
            Assert.True(finished.Exit == 0, $"{at}: {finished.All}");
            Assert.All(roles, r => Assert.Contains(r, scripted.Lines("deleted")));
            Assert.Empty(scripted.Lines("roles").Concat(scripted.Lines("groups")).Concat(scripted.Lines("applications")));
        }

        using var unsure = installed.Again();
        Assert.Equal(2, (await unsure.Uninstall(Cancellation, ["--yes", "rg-other"])).Exit);
        Assert.Empty(unsure.Lines("deleted"));
    }

    /// <summary>Which calls change something, counted from 1: dying after a read is dying after the change before it.</summary>
    private static List<int> Changes(IReadOnlyList<string> calls) =>
        [.. calls.Index().Where(c => new[] { " create ", "POST", "PATCH", "DELETE", "group delete", "webapp deploy" }.Any(w => c.Item.Contains(w, StringComparison.Ordinal))).Select(c => c.Index + 1)];

    [Fact]
    public async Task The_scripts_pass_shellcheck()
    {
        var found = await Programs.Run("sh", ["-c", "command -v shellcheck"], Cancellation);
        Counterpart.Require(found.Exit == 0, "shellcheck is not installed.");
        string[] scripts = [.. Directory.GetFiles(Repository.Path("deploy"), "*.sh"), Repository.Path(".ci/run"), .. Directory.GetFiles(Repository.Path("Bot.Tests/Deploy/Fakes"))];
        Assert.True(scripts.Length >= 6);
        var run = await Programs.Run("shellcheck", ["--shell", "bash", .. scripts], Cancellation);
        Assert.True(run.Exit == 0, run.All);
    }
}
