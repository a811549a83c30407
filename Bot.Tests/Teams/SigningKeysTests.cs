using System.Net;

namespace RunModes.Bot.Tests.Teams;

public sealed class SigningKeysTests
{
    [Fact]
    public async Task A_token_within_five_minutes_of_its_times_is_accepted_and_not_a_second_later()
    {
        await using var world = await TeamsWorld.Start();
        var claims = world.Claims().With("nbf", world.Clock.GetUtcNow().AddMinutes(4).ToUnixTimeSeconds());
        var token = world.Key.Sign(claims);

        Assert.Equal(HttpStatusCode.OK, await Status(world, token));
        world.Clock.Advance(TimeSpan.FromMinutes(64));
        Assert.Equal(HttpStatusCode.OK, await Status(world, token));
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(world, token));
        Assert.Equal(2, world.Inbound.Calls.Count);
    }

    [Fact]
    public async Task A_token_that_passed_before_still_has_to_name_the_service_URL_of_the_body()
    {
        await using var world = await TeamsWorld.Start();
        var token = world.Key.Sign(world.Claims());
        Assert.Equal(HttpStatusCode.OK, await Status(world, token));

        using var answer = await world.Deliver(Known.Message().With("serviceUrl", "https://smba.trafficmanager.net/amer/"), token);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Single(world.Inbound.Calls);
    }

    [Fact]
    public async Task A_new_key_is_fetched_once_when_a_token_names_it()
    {
        await using var world = await TeamsWorld.Start();
        Assert.Equal(HttpStatusCode.OK, await Status(world));
        var next = new BotKey("key-2", "msteams");
        world.Microsoft.Keys.Add(next);
        world.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(HttpStatusCode.OK, await Status(world, next.Sign(world.Claims())));
        Assert.Equal(2, world.Microsoft.KeyLoads);
    }

    [Fact]
    public async Task Unknown_keys_cause_at_most_one_fetch_a_minute()
    {
        await using var world = await TeamsWorld.Start();
        Assert.Equal(HttpStatusCode.OK, await Status(world));
        world.Clock.Advance(TimeSpan.FromMinutes(2));

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await Status(world, world.Key.Sign(world.Claims(), keyId: $"stranger-{i}")));
        }

        Assert.Equal(2, world.Microsoft.KeyLoads);
    }

    [Fact]
    public async Task A_withdrawn_key_takes_the_tokens_that_had_passed_with_it()
    {
        await using var world = await TeamsWorld.Start();
        var old = world.Key.Sign(world.Claims());
        Assert.Equal(HttpStatusCode.OK, await Status(world, old));
        var next = new BotKey("key-2", "msteams");
        world.Microsoft.Keys.Clear();
        world.Microsoft.Keys.Add(next);
        world.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(HttpStatusCode.OK, await Status(world, next.Sign(world.Claims())));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(world, old));
    }

    [Fact]
    public async Task The_last_good_keys_stay_when_a_refresh_fails()
    {
        await using var world = await TeamsWorld.Start();
        Assert.Equal(HttpStatusCode.OK, await Status(world));
        world.Microsoft.KeysDown = true;
        world.Clock.Advance(TimeSpan.FromHours(13));

        Assert.Equal(HttpStatusCode.OK, await Status(world));
        Assert.Equal(HttpStatusCode.OK, await Status(world));
    }

    [Fact]
    public async Task Without_any_keys_the_call_is_refused_as_unavailable_and_works_once_they_are_there()
    {
        await using var world = await TeamsWorld.Start(keysDown: true);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Status(world));
        Assert.Empty(world.Inbound.Calls);

        world.Microsoft.KeysDown = false;
        world.Clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(HttpStatusCode.OK, await Status(world));
    }

    [Fact]
    public async Task Keys_on_another_host_than_the_metadata_are_not_fetched()
    {
        await using var world = await TeamsWorld.Start(keysDown: true);
        world.Microsoft.KeysAddress = "https://evil.example/keys";
        world.Microsoft.KeysDown = false;
        world.Clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Status(world));
        Assert.Empty(world.Microsoft.Calls("evil.example"));
    }

    private static async Task<HttpStatusCode> Status(TeamsWorld world, string? token = null)
    {
        using var answer = await world.Deliver(Known.Message(), token);
        return answer.StatusCode;
    }
}
