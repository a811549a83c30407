namespace RunModes.Bot.Execution;

/// <summary>What the programs need of this process: where they are, how az signs in, and the way out.</summary>
internal sealed record ToolSurroundings(CommandSettings Settings, AzSignIn SignIn, IReadOnlyDictionary<string, string> Network)
{
    /// <summary>By which kubelogin, called by kubectl, signs in as the workload: names and the place of a token, no secret.</summary>
    private static readonly string[] Workload = ["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_AUTHORITY_HOST"];

    private static readonly string[] WaysOut = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "MSI_SECRET"];

    public IReadOnlyDictionary<string, string> KubeLogin { get; init; } = new Dictionary<string, string>();

    /// <summary>Where whoever looks is another than who acts; null: the same.</summary>
    public AzSignIn? ReaderSignIn { get; init; }

    /// <summary>The client id of whoever looks; null: the same as of whoever acts.</summary>
    public string? ReaderClient { get; init; }

    public static ToolSurroundings From(IConfiguration settings) => new(
        CommandSettings.From(settings), AzSignIn.From(settings), Named(settings, WaysOut))
    {
        KubeLogin = Named(settings, Workload), ReaderSignIn = AzSignIn.OfReader(settings), ReaderClient = settings["AZURE_READER_CLIENT_ID"] is { Length: > 0 } reader ? reader : null,
    };

    public AzSignIn SignInOf(ToolIdentity who) => who == ToolIdentity.Actor ? SignIn : ReaderSignIn ?? SignIn;

    public Dictionary<string, string> KubeLoginOf(ToolIdentity who)
    {
        Dictionary<string, string> login = new(KubeLogin);
        if (who == ToolIdentity.Reader && ReaderClient is { } reader)
        {
            login["AZURE_CLIENT_ID"] = reader;
        }

        return login;
    }

    private static Dictionary<string, string> Named(IConfiguration settings, string[] names) => names.Where(n => settings[n] is { Length: > 0 }).ToDictionary(n => n, n => settings[n]!);
}

/// <summary>As whom a program runs: as whoever looks, or as whoever acts. Most deployers have one identity for both.</summary>
internal enum ToolIdentity { Reader = 0, Actor }
