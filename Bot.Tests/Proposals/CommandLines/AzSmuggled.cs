namespace RunModes.Bot.Tests.Proposals.CommandLines;

/// <summary>
/// Attempts to make the bot run something else than what a card would show, or to read something with its rights. Each is refused, and the words say
/// which rule refused it: one that is refused for another reason is no proof.
/// </summary>
internal static class AzSmuggled
{
    private const string Id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/web/providers/Microsoft.Web/sites/shop";

    public static IReadOnlyList<(string Typed, string Because)> Rows { get; } =
    [
        // Abbreviations, which az would complete by itself.
        ("webapp restart --nam shop -g web", "--nam is not"),
        ("webapp restart --name shop --resource web", "--resource is not"),
        ("webapp show -n shop -g web --sub 11111111-2222-4333-8444-555555555555", "--sub is not"),
        ("webapp restart --NAME shop -g web", "--NAME is not"),
        // Short flags run together.
        ("webapp restart -nshop -gweb", "-nshop is not"),
        ("webapp restart -n=shop -g web", "a space"),
        ("vm show -dn vm1 -g web", "-dn is not"),
        // "=" forms.
        ("webapp restart --name=shop --resource-group=web", "a space"),
        ("webapp restart --name= shop -g web", "a space"),
        // Several targets.
        ($"webapp restart --ids {Id} {Id}2", "--ids"),
        ($"webapp restart --ids {Id}", "--ids"),
        ("webapp restart --ids @ids.txt", "@ids.txt"),
        ("webapp restart -n shop -n other -g web", "twice"),
        ("webapp restart -n shop --name other -g web", "twice"),
        ("webapp restart -n shop other -g web", "other"),
        ("webapp restart -n shop,other -g web", "shop,other"),
        ("webapp restart -n shop -g *", "*"),
        ("vm deallocate -n vm1 -g web --all", "--all is not"),
        ("vm list", "--resource-group is needed"),
        ("vmss scale -n set1 -g web --new-capacity 2 --instance-ids *", "*"),
        // Local files.
        ("webapp restart -n @/etc/passwd -g web", "@"),
        ("webapp update -n shop -g web --https-only @x", "@"),
        ("webapp update -n shop -g web --set @/etc/passwd", "@/etc/passwd"),
        ("sql db update -s sql1 -n db1 -g web --service-objective KEY=@/run/secrets/token", "KEY=@/run/secrets/token"),
        ("webapp restart -n KEY=@file -g web", "KEY=@file"),
        ("webapp restart -n /etc/passwd -g web", "/etc/passwd"),
        ("webapp restart -n ../../etc -g web", "../../etc"),
        ("webapp restart -n ~/.azure -g web", "~"),
        ("webapp restart -n C:\\\\secrets -g web", "backslash"),
        ("webapp restart -n file:///etc/passwd -g web", "file:///etc/passwd"),
        ("monitor metrics list --resource https://evil.example/x --metric Http5xx", "https://evil.example/x"),
        ("webapp restart -n - -g web", "is no value"),
        // Global flags first, and those that change how az behaves.
        ("--debug webapp restart -n shop -g web", "begins with an option"),
        ("--subscription 11111111-2222-4333-8444-555555555555 webapp restart -n shop -g web", "begins with an option"),
        ("webapp --help restart", "catalogue"),
        ("webapp restart -n shop -g web --debug", "--debug is not"),
        ("webapp restart -n shop -g web --verbose", "--verbose is not"),
        ("webapp restart -n shop -g web --no-wait", "--no-wait is not"),
        ("webapp restart -n shop -g web --yes", "--yes is not"),
        ("webapp show -n shop -g web --query id", "--query is not"),
        ("webapp restart -n shop -g web --output table", "--output is not"),
        ("webapp show -n shop -g web -o tsv", "json, table, yaml"),
        // Another subscription, or none that a card could show.
        ("webapp restart -n shop -g web --subscription 99999999-2222-4333-8444-555555555555", "not among the subscriptions"),
        ("webapp restart -n shop -g web --subscription Production", "GUID"),
        ("monitor metrics list --resource /subscriptions/99999999-2222-4333-8444-555555555555/resourceGroups/web/providers/Microsoft.Web/sites/shop --metric Http5xx", "another subscription"),
        ("monitor metrics list --resource /subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/web/providers/Microsoft.Web/sites/a%2f..%2fb --metric x", "no resource id"),
        ("monitor metrics list --resource /subscriptions/11111111-2222-4333-8444-555555555555 --metric x", "one resource"),
        // What a shell would do.
        ("webapp restart -n shop -g web; az group delete -n web", ";"),
        ("webapp restart -n shop -g web && az group delete -n web", "&"),
        ("webapp restart -n shop -g web | tee x", "|"),
        ("webapp restart -n $(cat /etc/passwd) -g web", "$"),
        ("webapp restart -n ${HOME} -g web", "$"),
        ("webapp restart -n `id` -g web", "`"),
        ("webapp restart -n shop -g web > out", ">"),
        ("webapp restart -n shop -g web #comment", "#"),
        ("webapp restart -n \"shop -g web", "quotation mark"),
        ("webapp restart -n \"shop\"\"other\" -g web", "quotation mark"),
        ("webapp restart -n sh'o'p -g web", "quotation mark"),
        ("webapp restart -n \"\" -g web", "empty"),
        ("webapp restart -n \"shop\n-g web\" -g web", "line"),
        // More than one line.
        ("webapp restart -n shop -g web\ngroup delete -n web", "line"),
        ("webapp restart -n shop\r\n-g web", "line"),
        ("webapp restart -n shop\u2028-g web", "u2028"),
        ("webapp restart -n shop\0 -g web", "u0000"),
        ("webapp restart -n shop\u001b[2K -g web", "u001B"),
        // Look-alikes and what cannot be seen.
        ("webapp restart \u2014name shop -g web", "u2014"),
        ("webapp restart \u2010n shop -g web", "u2010"),
        ("webapp restart -n sh\u043ep -g web", "u043E"),
        ("webapp rest\u0430rt -n shop -g web", "u0430"),
        ("webapp restart -n shop\u200b -g web", "u200B"),
        ("webapp restart -n \u202epohs -g web", "u202E"),
        ("webapp restart -n \u201cshop\u201d -g web", "u201C"),
        ("webapp restart -n shop\u00a0-g web", "u00A0"),
        ("webapp restart -n \uff53hop -g web", "uFF53"),
        ("WEBAPP restart -n shop -g web", "catalogue"),
        ("webapp Restart -n shop -g web", "catalogue"),
        ("webapp restart_ -n shop -g web", "catalogue"),
        ("az webapp restart -n shop -g web", "catalogue"),
        // Values that would be another option, or end the options.
        ("webapp restart -n --ids -g web", "--ids"), ("webapp restart -n --name -g web", "is no value"),
        ("webapp restart -n shop -g -n", "is no value"),
        ("webapp restart -n shop -g web -- delete", "--"),
        ("webapp restart -n shop -g", "-g has no value"),
        ("webapp restart -g web", "--name is needed"),
        ("webapp restart -n shop", "--resource-group is needed"),
        ("webapp restart -n shop/slots/staging -g web", "shop/slots/staging"),
        ("webapp restart -n shop.. -g web", "shop.."),
        ("webapp restart -n shop?api-version=x -g web", "?"),
        ("webapp restart -n shop%2f -g web", "shop%2f"),
        ("webapp show -n shop -g web -o", "-o has no value"),
        ("vmss scale -n set1 -g web --new-capacity 4e9", "4e9"),
        ("vmss scale -n set1 -g web --new-capacity -1", "is no value"),
        ("vmss scale -n set1 -g web --new-capacity 05", "05"),
        ("", "nothing"),
    ];
}
