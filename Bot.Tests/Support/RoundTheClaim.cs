using Microsoft.Extensions.DependencyInjection;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Support;

/// <summary>Lets a test do something just before the claim is tried, or in the instant between the claim that was won and whatever follows it.</summary>
internal sealed class RoundTheClaim(IClaims claims, RoundTheClaim.Moments moments) : IClaims
{
    public sealed class Moments
    {
        public Func<Task> Before { get; set; } = () => Task.CompletedTask;

        public Func<Task> After { get; set; } = () => Task.CompletedTask;

        public void Between(IServiceCollection services)
        {
            var inner = services.Last(s => s.ServiceType == typeof(IClaims));
            services.AddSingleton<IClaims>(p => new RoundTheClaim((IClaims)inner.ImplementationFactory!(p), this));
        }
    }

    public async Task<Proposal?> TryClaim(ProposalId id, long version, ClaimId claim, CancellationToken cancellation)
    {
        await moments.Before();
        var claimed = await claims.TryClaim(id, version, claim, cancellation);
        if (claimed is not null)
        {
            await moments.After();
        }

        return claimed;
    }
}
