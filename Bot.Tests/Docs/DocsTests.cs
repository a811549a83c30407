using System.Text.RegularExpressions;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Docs;

/// <summary>What the pages tell people to type is run by a test, or says what it needs that no test has; what they link to is there.</summary>
public sealed partial class DocsTests
{
    /// <summary>Who runs it. The longest beginning counts.</summary>
    private static readonly (string Command, string RunBy)[] RunBy =
    [
        ("dotnet run --project Bot", "SandboxRunTests"),
        ("dotnet run --project Bot -- playground", "PlaygroundTests"),
        ("dotnet run --project Bot -- package", "PackageTests"),
        ("dotnet run --project Bot -- doctor", "DoctorTests"),
        ("dotnet run --project Bot -- simulate", "SimulateTests"),
        ("dotnet publish Bot", "DockerfileTests"),
        ("dotnet artifacts/bot/RunModes.Bot.dll", "DockerfileTests"),
        ("dotnet test", ".ci/run"),
        ("bash .ci/run", ".ci/run"),
    ];

    private static readonly string[] Pages =
        [.. new[] { ".", "docs", "deploy", "manifest", "Bot" }.SelectMany(f => Directory.GetFiles(Repository.Path(f), "*.md")).Select(f => Path.GetRelativePath(Repository.Root, f))];

    public static TheoryData<string> AllPages() => [.. Pages];

    [Theory, MemberData(nameof(AllPages))]
    public void Every_command_is_run_by_a_test_or_says_what_it_needs(string page)
    {
        var tests = typeof(DocsTests).Assembly.GetTypes().Select(t => t.Name).Append(".ci/run").ToHashSet();
        foreach (var block in Blocks(page))
        {
            Assert.All(block.Where(l => l.Length > 0 && !l.StartsWith('#')), line =>
            {
                var runBy = RunBy.Where(r => line.StartsWith(r.Command, StringComparison.Ordinal)).MaxBy(r => r.Command.Length).RunBy;
                Assert.True(runBy is not null && tests.Contains(runBy), $"{page}: nobody runs '{line}'; name its test here, or begin the block with '# needs …'.");
            });
        }
    }

    [Theory, MemberData(nameof(AllPages))]
    public async Task Options_of_our_scripts_exist(string page)
    {
        var text = await File.ReadAllTextAsync(Repository.Path(page), TestContext.Current.CancellationToken);
        foreach (Match use in ScriptUse().Matches(text))
        {
            var script = await File.ReadAllTextAsync(Repository.Path($"deploy/{use.Groups["script"].Value}"), TestContext.Current.CancellationToken);
            Assert.All(Option().Matches(use.Value).Select(o => o.Value), option => Assert.Contains($"  {option} ", script, StringComparison.Ordinal));
        }
    }

    [Theory, MemberData(nameof(AllPages))]
    public void Every_link_leads_to_a_file_and_a_heading_that_are_there(string page)
    {
        var folder = Path.GetDirectoryName(Repository.Path(page))!;
        foreach (Match link in Link().Matches(File.ReadAllText(Repository.Path(page))))
        {
            var (path, heading) = (link.Groups["path"].Value, link.Groups["heading"].Value);
            var file = path.Length == 0 ? Repository.Path(page) : Path.GetFullPath(Path.Combine(folder, path));
            Assert.True(File.Exists(file) || Directory.Exists(file), $"{page}: there is no {path}.");
            if (heading.Length > 0 && file.EndsWith(".md", StringComparison.Ordinal))
            {
                Assert.Contains(heading, File.ReadLines(file).Where(l => l.StartsWith('#')).Select(Anchor));
            }
        }
    }

    [Fact]
    public void Every_parameter_of_the_pages_is_one_of_the_template()
    {
        var template = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Repository.Path("deploy/template.json")))!["parameters"]!.AsObject().Select(p => p.Key).ToHashSet();
        var named = Pages.SelectMany(p => Parameter().Matches(File.ReadAllText(Repository.Path(p)))).Select(m => m.Value.Trim('`')).Distinct().ToList();
        Assert.Contains("administratorGroups", named);
        Assert.All(named, name => Assert.Contains(name, template));
    }

    private static List<List<string>> Blocks(string page)
    {
        var blocks = new List<List<string>>();
        List<string>? open = null;
        foreach (var line in File.ReadLines(Repository.Path(page)))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                if (open is null)
                {
                    open = [];
                }
                else
                {
                    blocks.Add(open);
                    open = null;
                }

                // Only what people type; tables and drawings are no commands.
                if (open is not null && line is not ("```sh" or "```bash"))
                {
                    open.Add("# needs nothing");
                }
            }
            else
            {
                open?.Add(line);
            }
        }

        return [.. blocks.Where(b => b is [{ } first, ..] && !first.StartsWith("# needs ", StringComparison.Ordinal))];
    }

    /// <summary>As GitHub names a heading.</summary>
    private static string Anchor(string heading) => NoWord().Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"deploy/(?<script>\w+\.sh)[^\n`|]*")]
    private static partial Regex ScriptUse();

    [GeneratedRegex("--[a-z-]+")]
    private static partial Regex Option();

    [GeneratedRegex(@"\]\((?!https?:|mailto:)(?<path>[^)#]*)(#(?<heading>[^)]*))?\)")]
    private static partial Regex Link();

    [GeneratedRegex("`(administratorGroups|standardUserGroups|watched\\w+|operat\\w+|alertSubscriptions|watchEmails|extraSettings|containerImage|database[A-Z]\\w+|otlp\\w+|appService\\w+)`")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoWord();
}
