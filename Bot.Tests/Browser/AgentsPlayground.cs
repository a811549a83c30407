using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Browser;

/// <summary>Microsoft's Agents Playground as a child process: the Teams-like page, and the connector behind it that keeps and shows what the bot posts.</summary>
internal sealed partial class AgentsPlayground : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Someone Dana = new("00000000-ffff-4fff-8fff-000000000006", "Dana Departed");

    private readonly string _folder = Directory.CreateTempSubdirectory("runmodes-playground-").FullName;
    private readonly HttpClient _connector = new() { Timeout = TimeSpan.FromSeconds(15) };
    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _started;

    private AgentsPlayground(Uri messages)
    {
        var start = new ProcessStartInfo(Program()) { WorkingDirectory = _folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // Port 0 is any free one; what it got stands in its output.
        foreach (var argument in new[] { "start", "-e", messages.AbsoluteUri, "-c", "msteams", "-p", "0", "--disable-telemetry" })
            start.ArgumentList.Add(argument);
        start.Environment["TEAMSAPPTESTER_BROWSER"] = "none";
        start.Environment["M365_AGENTS_PLAYGROUND_CONFIG_PATH"] = Path.Combine(_folder, "world.json");
        start.Environment["M365_AGENTS_PLAYGROUND_LOGFILE"] = Path.Combine(_folder, "playground.log");
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Heard(line.Data);
        _process.ErrorDataReceived += (_, line) => Heard(line.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException($"The Playground ended. It said:\n{Said()}"));
    }

    /// <summary>The page, and the root of its connector.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Skips the test, or fails it in CI, where the Playground is not installed.</summary>
    public static string Program() => Counterpart.RequireFile(
        Repository.Path("Bot.Tests/Judges/playground/node_modules/.bin/agentsplayground"), "the Agents Playground is not installed (npm ci in Bot.Tests/Judges/playground).");

    public static async Task<AgentsPlayground> Start(Uri messages, CancellationToken cancellation)
    {
        var playground = new AgentsPlayground(messages);
        try
        {
            await File.WriteAllTextAsync(Path.Combine(playground._folder, "world.json"), World().ToJsonString(), cancellation);
            playground._started = playground._process.Start();
            playground._process.StandardInput.Close();
            playground._process.BeginOutputReadLine();
            playground._process.BeginErrorReadLine();
            playground.Address = await playground._listening.Task.WaitAsync(Patience, cancellation);
            return playground;
        }
        catch
        {
            await playground.DisposeAsync();
            throw;
        }
    }

    /// <summary>Answers for the connector of Teams; the token that was shown there goes no further.</summary>
    public WireAnswer Answer(WireRequest request)
    {
        var path = request.Path[request.Path.IndexOf("/v3/", StringComparison.Ordinal)..];
        using var onward = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(Address, $"/_connector{path}{request.QueryString}"));
        if (request.Body.Length > 0)
            onward.Content = new StringContent(request.Body, Encoding.UTF8, "application/json");
        using var answer = _connector.Send(onward);
        using var body = new StreamReader(answer.Content.ReadAsStream());
        return new WireAnswer((int)answer.StatusCode, body.ReadToEnd());
    }

    public async ValueTask DisposeAsync()
    {
        if (_started && !_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        _connector.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Its configuration refuses unknown keys and wants exactly five people beside the one who writes.</summary>
    private static JsonObject World() => new()
    {
        ["version"] = "0.1.1", ["tenantId"] = Known.Tenant,
        ["bot"] = new JsonObject { ["id"] = $"28:{Known.AppId}", ["name"] = "SRE bot" },
        ["currentUser"] = Describe(People.Ada),
        ["users"] = new JsonArray([.. new[] { People.Ben, People.Sam, People.Rob, People.Gale, Dana }.Select(who => (JsonNode)Describe(who))]),
        ["personalChat"] = new JsonObject { ["id"] = "a:personal-chat" },
        ["groupChat"] = new JsonObject { ["id"] = "19:group-on-call@thread.v2", ["name"] = "On call" },
        ["team"] = new JsonObject
        {
            ["id"] = Known.Team, ["name"] = "SRE", ["aadGroupId"] = "f60a1b2c-6666-4777-8888-99990000aaaa",
            ["channels"] = new JsonArray(new JsonObject { ["id"] = Known.Channel, ["name"] = "incidents" }),
        },
    };

    private static JsonObject Describe(Someone who)
    {
        var (given, mail) = (who.Name.Split(' ')[0], $"{who.Name.Split(' ')[0].ToLowerInvariant()}@contoso.example");
        return new JsonObject
        {
            ["id"] = $"29:{who.ObjectId}", ["name"] = who.Name, ["userPrincipleName"] = mail, ["aadObjectId"] = who.ObjectId,
            ["givenName"] = given, ["surname"] = who.Name.Split(' ')[1], ["email"] = mail,
        };
    }

    private void Heard(string? line)
    {
        lock (_said) _said.AppendLine(line);
        if (line is not null && Listening().Match(line) is { Success: true } match)
            _listening.TrySetResult(new Uri($"http://localhost:{match.Groups["port"].Value}/"));
    }

    private string Said()
    {
        lock (_said) return _said.ToString();
    }

    [GeneratedRegex(@"\bListening on (?<port>\d{1,5})\b")]
    private static partial Regex Listening();
}
