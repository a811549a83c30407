using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace RunModes.Bot.Benchmarks;

/// <summary>ASP.NET Core that does nothing but answer, and validate a token where that is asked: what a bot on it cannot be faster than. A process of its own, as the bot is.</summary>
internal static class BareApp
{
    public static async Task Run(string url, string? key)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls(url);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        await using var app = builder.Build();
        app.MapGet("/healthz", () => Results.Text("alive"));
        if (key is not null)
        {
            Tokens.Map(app, key);
        }

        await app.RunAsync();
    }

    /// <summary>By itself, so that a start without it loads nothing of it.</summary>
    private static class Tokens
    {
        /// <summary>Reads the body, validates the same token as the bot does, answers.</summary>
        public static void Map(WebApplication app, string key)
        {
            var parts = key.Split(' ');
            var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String(parts[0]), out _);
            var handler = new JsonWebTokenHandler { MapInboundClaims = false };
            var rules = new TokenValidationParameters { ValidIssuer = parts[2], ValidAudience = parts[3], IssuerSigningKey = new RsaSecurityKey(rsa) { KeyId = parts[1] } };
            app.MapPost("/api/messages", async (HttpContext context) =>
            {
                using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
                var result = await handler.ValidateTokenAsync(context.Request.Headers.Authorization.ToString()["Bearer ".Length..], rules);
                return result.IsValid ? Results.Json(new { statusCode = 200, type = "message", value = body.RootElement.GetProperty("id").GetString() }) : Results.Unauthorized();
            });
        }
    }
}
