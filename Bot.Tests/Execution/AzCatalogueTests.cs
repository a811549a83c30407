using System.Text.Json;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals.CommandLines;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Execution;

/// <summary>Every row of the catalogue, with every option that it allows, is put to the parser of the real Azure CLI: command, full names of options, what is required, what values there are.</summary>
[Collection(RealAz.Name)]
public sealed class AzCatalogueTests
{
    private const string Subscription = "11111111-2222-4333-8444-555555555555";

    /// <summary>What Debian's 2.45 cannot load, because the SDK for Python that it is packaged with has another set of versions. Of them nothing is judged; Microsoft's own packages have them.</summary>
    private static readonly string[] Unloaded =
    [
        "network application-gateway show", "network lb list", "network lb show", "network nic show", "network nsg list", "network nsg rule list", "network nsg show", "network public-ip list",
        "network public-ip show", "network vnet list", "network vnet show", "vm deallocate", "vm start", "vm stop", "vmss list-instances",
    ];

    [Fact]
    public async Task The_real_az_knows_every_row_of_the_catalogue_with_every_option_as_the_bot_writes_it()
    {
        var commands = AzCatalogue.All.Select(c => (c.Words, Arguments: Written(c))).ToList();
        var said = await Judge([.. commands.Select(c => c.Arguments)]);
        var wrong = commands.Zip(said, (c, answer) => (c.Words, Answer: answer)).Where(r => r.Answer is not null).ToList();
        Assert.Equal([], wrong.Where(w => !Unloaded.Contains(w.Words)).Select(w => $"az {w.Words}: {w.Answer}"));
        // A list that is longer than it has to be would hide a row that is wrong.
        Assert.Equal(Unloaded.Order(StringComparer.Ordinal), wrong.Where(w => w.Answer!.StartsWith("not loaded", StringComparison.Ordinal)).Select(w => w.Words).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_az_does_not_know_is_told_from_what_it_does()
    {
        string[][] lists = [["webapp", "list", "--resource-group", "web"], ["webapp", "list", "--resource-grou", "web"], ["webapp", "list", "--colour", "red"], ["webapp", "frobnicate"], ["aks", "show", "--name", "a"]];
        var said = await Judge(lists);
        Assert.Null(said[0]);
        Assert.All(said.Skip(1).Zip(["abbreviated: --resource-grou", "unrecognized arguments: --colour red", "'frobnicate' is misspelled", "the following arguments are required"]), r => Assert.Contains(r.Second, r.First, StringComparison.Ordinal));
    }

    /// <summary>With a value for everything that may be said.</summary>
    private static string[] Written(CatalogueCommand command)
    {
        var typed = $"{command.Words} {string.Join(' ', command.Options.Select(o => o.Value is null ? o.Name : $"{o.Name} {Value(o.Value)}"))}";
        return new AzReader([Subscription]).Read(typed) is CommandReading.Understood understood ? [.. understood.Arguments] : throw new InvalidOperationException($"The sample '{typed}' is not understood.");
    }

    private static string Value(CommandValue value) => value switch
    {
        CommandValue.Id => $"/subscriptions/{Subscription}/resourceGroups/web/providers/Microsoft.Web/sites/shop",
        CommandValue.Number number => $"{number.Most}",
        CommandValue.OneOf one => one.Words[^1],
        CommandValue.Span => "6h",
        CommandValue.ResourceType => "Microsoft.Web/sites",
        _ => "Name1",
    };

    /// <summary>In the python that az runs by, with a folder of its own and no way out.</summary>
    private static async Task<IReadOnlyList<string?>> Judge(string[][] lists)
    {
        _ = RealAz.Program;
        using var folder = new ToolFolder();
        var end = await new Subprocess(TimeProvider.System).Run(
            new("/usr/bin/python3", [Repository.Path("Bot.Tests/Judges/az/parse.py")], new Dictionary<string, string>
            {
                ["AZURE_CONFIG_DIR"] = folder.Home, ["HOME"] = folder.Home, ["PATH"] = "/usr/bin:/bin", ["LANG"] = "C.UTF-8", ["AZURE_CORE_COLLECT_TELEMETRY"] = "false", ["AZURE_CORE_ERROR_RECOMMENDATION"] = "off",
                ["AZURE_EXTENSION_USE_DYNAMIC_INSTALL"] = "no", ["HTTPS_PROXY"] = "http://127.0.0.1:9", ["PYTHONDONTWRITEBYTECODE"] = "1",
            }, folder.Work, TimeSpan.FromMinutes(2)) { Input = string.Concat(lists.Select(l => JsonSerializer.Serialize(l) + "\n")) }, () => true, TestContext.Current.CancellationToken);
        var exited = Assert.IsType<ProgramEnd.Exited>(end);
        // Some modules print while they load.
        var answers = exited.Output.Split('\n').Where(l => l == "null" || l.StartsWith('"')).Select(l => JsonSerializer.Deserialize<string>(l)).ToList();
        Assert.True(answers.Count == lists.Length, $"{answers.Count} answers to {lists.Length} lists. {exited.Errors}");
        return answers;
    }
}
