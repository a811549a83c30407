using System.Reflection;
using System.Text.RegularExpressions;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Docs;

/// <summary>A page that says which test holds what it claims names one that is there; the security model names one for each of its claims.</summary>
public sealed partial class ClaimsTests
{
    private const int FewestClaims = 30;

    private static readonly Dictionary<string, Type> Classes = typeof(ClaimsTests).Assembly.GetTypes().Where(t => !t.IsNested && Tests(t).Any()).ToDictionary(t => t.Name);

    [Fact]
    public void Each_claim_of_the_security_model_names_tests_that_are_there()
    {
        var rows = File.ReadLines(Repository.Path("README.md")).SkipWhile(l => l != "## Security model").Skip(1).TakeWhile(l => !l.StartsWith("## ", StringComparison.Ordinal))
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1).Select(l => l.Trim('|').Split(" | ")).ToList();

        Assert.InRange(rows.Count, FewestClaims, 200);
        Assert.All(rows, row =>
        {
            Assert.Equal(2, row.Length);
            Assert.Empty(Missing(row[1]));
            Assert.NotEmpty(Names(row[1]));
        });
    }

    [Theory, MemberData(nameof(DocsTests.AllPages), MemberType = typeof(DocsTests))]
    public void Each_test_that_a_page_names_is_there(string page) =>
        Assert.Empty(Named().Matches(File.ReadAllText(Repository.Path(page))).SelectMany(m => Missing($"`{m.Groups["name"].Value}`")));

    [Fact]
    public void A_name_that_is_nobodys_is_found() =>
        Assert.Equal(["NobodyTests", "DocsTests.Nothing_at_all", "ClaimsTests.Nothing_at_all"], Missing("`NobodyTests`, `DocsTests.Nothing_at_all`, `ClaimsTests`, `Nothing_at_all`, `Bot.Tests/Docs`"));

    private static List<string> Names(string cell) => [.. Code().Matches(cell).Select(m => m.Groups["name"].Value)];

    /// <summary>A class, a class and its method, a further method of the class before it, or a folder of tests.</summary>
    private static List<string> Missing(string cell)
    {
        List<string> missing = [];
        var last = "";
        foreach (var name in Names(cell))
        {
            if (char.IsAsciiLetterLower(name[0]))
            {
                // A program, such as a judge.
                continue;
            }

            if (name.Contains('/', StringComparison.Ordinal))
            {
                missing.AddRange(Directory.Exists(Repository.Path(name)) ? [] : [name]);
                continue;
            }

            var (type, method) = name.Split('.') is [var one, var two] ? (one, two) : name.Contains('_', StringComparison.Ordinal) ? (last, name) : (name, null);
            last = type;
            if (!Classes.TryGetValue(type, out var found) || (method is not null && !Tests(found).Any(m => m.Name == method)))
            {
                missing.Add(method is null ? type : $"{type}.{method}");
            }
        }

        return missing;
    }

    private static IEnumerable<MethodInfo> Tests(Type type) => type.GetMethods().Where(m => m.GetCustomAttributes<FactAttribute>(inherit: true).Any());

    [GeneratedRegex("`(?<name>[^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"`(?<name>\w+Tests(\.\w+)?)`")]
    private static partial Regex Named();
}
