using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace RunModes.Bot.Benchmarks;

/// <summary>ASP.NET Core that does nothing but answer, and validate a token where that is asked: what a bot on it cannot be faster than.</summary>
internal static class BareApp
{
    /// <summary>As a process, until it is ended.</summary>
    public static async Task Run(string url)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls(url);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        await using var app = builder.Build();
        app.MapGet("/healthz", () => Results.Text("alive"));
        await app.RunAsync();
    }

    /// <summary>Reads the body, validates the same token as the bot does, answers.</summary>
    public static async Task<(WebApplication App, Uri Address)> Listen(SecurityKey key, string issuer, string audience)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var handler = new JsonWebTokenHandler { MapInboundClaims = false };
        var rules = new TokenValidationParameters { ValidIssuer = issuer, ValidAudience = audience, IssuerSigningKey = key };
        app.MapPost("/api/messages", async (HttpContext context) =>
        {
            using var body = await System.Text.Json.JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            var result = await handler.ValidateTokenAsync(context.Request.Headers.Authorization.ToString()["Bearer ".Length..], rules);
            return result.IsValid ? Results.Json(new { statusCode = 200, type = "message", value = body.RootElement.GetProperty("id").GetString() }) : Results.Unauthorized();
        });
        await app.StartAsync();
        return (app, new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()));
    }
}
