using RunModes.Bot.Cards;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Tests.Plans;

/// <summary>Which lines of az and kubectl may be stored as a step, and as what. What the readers refuse of each command has its own tables; these rows are about lines.</summary>
public sealed class CommandStepTests
{
    private const string Subscription = "00000000-0000-0000-0000-00000000000a";
    private const string Second = "00000000-0000-0000-0000-00000000000b";
    private const string Web = $"/subscriptions/{Subscription}/resourceGroups/web/providers";
    private static readonly ResourceId Aks = Id($"{Web}/Microsoft.ContainerService/managedClusters/aks1");

    private static readonly StepRules One = new(new([Subscription], [new("prod", Aks, "admin", ["shop", "pay"])]), new([Id($"/subscriptions/{Subscription}/resourceGroups/bot/providers/Microsoft.Web/sites/own")]));

    [Theory]
    [InlineData("az webapp restart -n app -g web", $"Restart App Service 'app' ({Web}/Microsoft.Web/sites/app).", "The bot sends that request itself, once.", $"az webapp restart -n app -g web --subscription {Subscription}")]
    [InlineData("az appservice plan update -n plan -g web --number-of-workers 3", $"Scale App Service plan 'plan' (--number-of-workers 3) ({Web}/Microsoft.Web/serverfarms/plan).", "The bot sends that request itself, once.",
        $"az appservice plan update -n plan -g web --number-of-workers 3 --subscription {Subscription}")]
    [InlineData($"  AZ  vm deallocate --name vm1 -g web --subscription {Subscription} ", $"Deallocate virtual machine 'vm1' (az vm deallocate --name vm1 --resource-group web --subscription {Subscription} --output json --only-show-errors). Everything on the machine stops",
        "az may send the request again by itself; sent twice it does the same.", $"az vm deallocate --name vm1 -g web --subscription {Subscription}")]
    [InlineData("az webapp show -n app -g web", "Read 'az webapp show app' (az resource show --ids /subscriptions/", "It changes nothing.", $"az webapp show -n app -g web --subscription {Subscription}")]
    [InlineData("kubectl scale deploy/web --replicas 3", "Scale deployment 'shop/web' in cluster aks1 (--replicas 3) (kubectl scale deployments.apps/web --replicas 3 --context admin --namespace shop --request-timeout 20s).",
        "until there are as many as the command says.", "kubectl scale deploy/web --replicas 3 --context prod --namespace shop")]
    [InlineData("kubectl rollout restart deployment web -n pay --context prod", "Restart deployment 'pay/web' in cluster aks1 (kubectl rollout restart deployments.apps/web", "may be lost.", "kubectl rollout restart deployment web -n pay --context prod")]
    [InlineData("kubectl get nodes", "Read 'kubectl get nodes' (kubectl get nodes --context admin --request-timeout 20s).", "It changes nothing.", "kubectl get nodes --context prod")]
    public void A_command_is_confirmed_in_full_and_stored_with_its_place_written_out(string text, string begins, string ends, string stored)
    {
        Assert.True(CommandStep.TryRead(text, One, out var step, out var problem), problem);
        Assert.StartsWith(begins, step.Words, StringComparison.Ordinal);
        Assert.EndsWith(ends, step.Words, StringComparison.Ordinal);
        Assert.Empty(TaskStep.Problems([text], One));
        Assert.Equal([stored], One.Completed([text]));
        Assert.Equal([stored], One.Completed([stored]));
    }

    [Fact]
    public void What_was_stored_means_the_same_place_when_the_settings_get_another_and_nothing_when_they_lose_it()
    {
        var stored = One.Completed(["az vm start -n vm1 -g web", "kubectl rollout restart deploy/web"]);
        var more = new StepRules(new([Second, Subscription], [new("first", Id($"{Web}/Microsoft.ContainerService/managedClusters/aks0"), "other", ["shop"]), new("prod", Aks, "admin", ["pay", "shop"])]), new([]));
        foreach (var line in stored)
        {
            Assert.True(CommandStep.TryRead(line, One, out var then, out _));
            Assert.True(CommandStep.TryRead(line, more, out var now, out var problem), problem);
            Assert.Equal((then.Read.Target, then.Read.Object), (now.Read.Target, now.Read.Object));
        }

        var less = new StepRules(new([Second], [new("first", Id($"{Web}/Microsoft.ContainerService/managedClusters/aks0"), "other", ["shop"])]), new([]));
        Assert.Equal(2, TaskStep.Problems(stored, less).Count);
    }

    /// <summary>Each is one line that says why. None is ever taken for another kind of step.</summary>
    [Theory]
    [InlineData("az", "nothing follows")]
    [InlineData("kubectl ", "nothing follows")]
    [InlineData("az webapp frobnicate -n app -g web", "is not in the catalogue")]
    [InlineData("az webapp restart -n app -g web --debug", "--debug is not accepted")]
    [InlineData("az webapp restart -n app -g web --ids x", "--ids may name several targets")]
    [InlineData("az webapp restart -n app -g web; az group delete -n web", "means something to a shell only")]
    [InlineData("az webapp restart -n app -g web && az vm list -g web", "means something to a shell only")]
    [InlineData("az webapp restart -n app -g web\naz group delete -n web", "more than one line")]
    [InlineData("az webapp restart -n $(id) -g web", "means something to a shell only")]
    [InlineData("az webapp restart -n app -n other -g web", "is given twice")]
    [InlineData("az webapp restart --nam app -g web", "is not accepted")]
    [InlineData("az webapp restart -n app -g web --subscription other", "is not the id of a subscription")]
    [InlineData($"az webapp restart -n app -g web --subscription {Second}", "is not among the subscriptions")]
    [InlineData("az --output json webapp restart -n app -g web", "begins with an option")]
    [InlineData("az webapp restart -n @/etc/passwd -g web", "read a local file")]
    [InlineData("az webapp restart -n app -g web --slot staging", "deployment slots are not restarted")]
    [InlineData("az webapp delete -n app -g web", "Deletions are refused")]
    [InlineData("az group delete -n web", "Deletions are refused")]
    [InlineData("az keyvault secret show --vault-name v -n n", "shows or makes secrets")]
    [InlineData("az rest --method post --url https://management.azure.com/", "")]
    [InlineData("az vm run-command invoke -n vm1 -g web --command-id RunShellScript", "")]
    [InlineData("az role assignment create --assignee x --role Owner", "")]
    [InlineData("az webapp restart -n own -g bot", "The target is part of the bot itself.")]
    [InlineData("az resource list -g bot", "The target is part of the bot itself.")]
    [InlineData("az vmss scale -n set -g web --new-capacity +1", "is not a whole number")]
    [InlineData("az vm restart -n vm\u00A01 -g web", "is not plain ASCII")]
    [InlineData("az\u200B vm restart -n vm1 -g web", "is no step")]
    [InlineData("аz vm restart -n vm1 -g web", "is no step")]
    [InlineData("/usr/bin/az vm restart -n vm1 -g web", "is no step")]
    [InlineData("sudo az vm restart -n vm1 -g web", "is no step")]
    [InlineData("AZURE_CONFIG_DIR=/tmp az vm list -g web", "is no step")]
    [InlineData("azcopy copy a b", "is no step")]
    [InlineData("kubectl delete deploy web", "Deletions are refused")]
    [InlineData("kubectl exec web -- sh", "is not in the catalogue")]
    [InlineData("kubectl get secrets", "secrets and config maps are not shown")]
    [InlineData("kubectl -n kube-system rollout restart deploy/web", "begins with an option")]
    [InlineData("kubectl rollout restart deploy/web -n kube-system", "none of the namespaces")]
    [InlineData("kubectl rollout restart deploy/web --context other", "is none of the clusters")]
    [InlineData("kubectl rollout restart deploy/web -s https://evil.example", "is not accepted")]
    [InlineData("kubectl rollout undo deploy/web", "--to-revision is needed")]
    [InlineData("kubectl set image deploy/web web=shop:latest", "names no image by its digest")]
    [InlineData("kubectl scale deploy --all --replicas 2", "--all is not accepted")]
    [InlineData("kubectl scale deploy web api --replicas 2", "it is about one object")]
    [InlineData("kubectl scale deploy/web --replicas 0", "is not a whole number from 1")]
    [InlineData("kubectl.exe get pods", "is no step")]
    public void Anything_else_is_refused_with_the_reason(string text, string why)
    {
        Assert.False(CommandStep.TryRead(text, One, out _, out _));
        var problem = Assert.Single(TaskStep.Problems([text], One));
        Assert.Contains(why, problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem.Replace(text, "", StringComparison.Ordinal));
        Assert.Equal([text], One.Completed([text]));
    }

    [Fact]
    public void Where_no_command_may_run_none_is_a_step()
    {
        Assert.Contains("no subscription is configured", Assert.Single(TaskStep.Problems(["az vm list -g web"])), StringComparison.Ordinal);
        Assert.Contains("no cluster is configured", Assert.Single(TaskStep.Problems(["kubectl get pods"])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_a_confirmation_could_not_show_whole_is_refused_and_ten_of_the_longest_are_shown_whole()
    {
        string Line(int name) => $"az monitor activity-log list --resource-id {Web}/Microsoft.Web/sites/{new string('a', name)} --offset 1d --max-events 100 --subscription {Subscription} --output table";
        var most = Enumerable.Range(20, 400).Last(n => CommandStep.TryRead(Line(n), One, out _, out _));
        Assert.InRange(Line(most).Length, 380, 403);
        Assert.Contains("longer than 400 characters", Assert.Single(TaskStep.Problems([Line(most + 1)], One)), StringComparison.Ordinal);
        Assert.True(CommandStep.TryRead(Line(most), One, out var longest, out _));
        var card = ConfirmationCard.Render(new("c", ConfirmationState.Pending, new("t", "o", "Ada"), "Create task t", "No such task", "Autonomous", [.. Enumerable.Repeat($"{longest.Words} At once, reported afterwards", 10)], [], DateTimeOffset.UnixEpoch)
        {
            Fields = [new("Steps", string.Join(", ", Enumerable.Repeat(Line(most), 10)), string.Join(", ", Enumerable.Repeat(Line(most), 10)))],
        });
        Assert.InRange(AdaptiveCard.SizeOf(card), 1, AdaptiveCard.LargestSize);
        Assert.Equal(10, card.ToJsonString().Split("It changes nothing. At once, reported afterwards").Length - 1);
    }

    /// <summary>What a step leaves behind is read to see whether it is so already: each change that az makes says where.</summary>
    [Fact]
    public void Every_change_that_az_makes_says_where_Azure_tells_whether_it_was_done()
    {
        Assert.All(AzCatalogue.Changes.Where(c => c.Equivalent is null), c => Assert.NotNull(c.LeadsTo));
        Assert.All(AzCatalogue.Changes.Where(c => c.LeadsTo is { Value: ['-', ..] }), c => Assert.Contains(c.More, o => o.Name == c.LeadsTo!.Value && o.IsNeeded));
    }

    private static ResourceId Id(string text) => ResourceId.TryParse(text, out var id, out var why) ? id : throw new ArgumentException(why);
}
