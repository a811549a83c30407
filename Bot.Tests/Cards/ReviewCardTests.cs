using System.Text.Json.Nodes;
using RunModes.Bot.Cards;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Cards;

public sealed class ReviewCardTests
{
    private static readonly Dictionary<ProposalStatus, string> Word = new()
    {
        [ProposalStatus.AwaitingApproval] = "Awaiting approval",
        [ProposalStatus.Cleared] = "Approved",
        [ProposalStatus.Succeeded] = "Done",
    };

    public static TheoryData<string> States => [.. Sample.Reviews.Keys];

    [Theory]
    [MemberData(nameof(States))]
    public void One_status_block_starts_with_the_word_of_the_state(string state)
    {
        var model = Sample.Reviews[state];

        Assert.StartsWith(Word.GetValueOrDefault(model.Gated.Status, model.Gated.Status.ToString()), Nodes.Status(ReviewCard.Render(model)), StringComparison.Ordinal);
    }

    [Fact]
    public void It_reads_finding_action_impact_operation_rollback_evidence_permission_mode_reasons_deadline()
    {
        var read = string.Join('\n', Nodes.Texts(ReviewCard.Render(Sample.Reviews["awaiting-again"])));
        string[] order =
        [
            "Awaiting approval",
            "Sev1",
            "I found that app-service-prod is running slowly due to high memory usage.",
            "Proposed action: Restart App Service 'app-service-prod'",
            "This may cause brief downtime (30-60 seconds).",
            "POST /subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-prod/providers/Microsoft.Web/sites/app-service-prod/restart?api-version=2023-12-01",
            "Approve",
            "Rollback",
            "94 % at 03:01 UTC",
            "is granted on app-service-prod",
            "Review (plan prod-web)",
            "Why it asks",
            "Administrators (group SRE approvers)",
            "{{DATE(2026-11-24T04:04:00Z,SHORT)}} {{TIME(2026-11-24T04:04:00Z)}} (04:04 UTC)",
        ];
        var places = order.Select(words => read.IndexOf(words, StringComparison.Ordinal)).ToArray();

        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Theory]
    [MemberData(nameof(States))]
    public void A_state_has_exactly_its_buttons(string state)
    {
        IReadOnlyList<string> expected = state switch
        {
            _ when state.StartsWith("awaiting", StringComparison.Ordinal) => ["approve", "deny"],
            "blocked" or "blocked-stop" or "blocked-since" => ["recheck"],
            "done-undoable" => ["undo"],
            "indeterminate" or "indeterminate-asked" => ["annotate", "annotate", "investigate"],
            "denied" or "expired" or "expired-undelivered" or "failed" or "indeterminate-noted" or "done-not-recovered" or "done-could-not-tell" => ["investigate"],
            _ => [],
        };

        Assert.Equal(expected, Nodes.Verbs(ReviewCard.Render(Sample.Reviews[state])));
    }

    [Theory]
    [MemberData(nameof(States))]
    public void A_button_carries_the_id_and_the_revision_and_its_twin_the_verb_too(string state)
    {
        var model = Sample.Reviews[state];
        foreach (var execute in Nodes.OfType(ReviewCard.Render(model), "Action.Execute"))
        {
            var data = execute["data"]!.DeepClone().AsObject();
            if ((string?)execute["verb"] == "annotate")
            {
                Assert.Contains((string?)data["choice"], new[] { "done", "notDone" });
                data.Remove("choice");
            }

            Assert.Equal($$"""{"p":"{{model.Proposal.Id}}","r":{{model.Proposal.Revision}}}""", data.ToJsonString());

            var twin = execute["fallback"]!["data"]!.DeepClone().AsObject();
            Assert.Equal("Action.Submit", (string?)execute["fallback"]!["type"]);
            Assert.True((bool)twin["msteams"]!["feedback"]!["hide"]!);
            Assert.Equal((string?)execute["verb"], (string?)twin["verb"]);
            twin.Remove("msteams");
            twin.Remove("verb");
            Assert.True(JsonNode.DeepEquals(execute["data"], twin));
        }
    }

    [Fact]
    public void The_reason_of_a_denial_is_asked_beside_its_own_button()
    {
        var opens = Nodes.OfType(ReviewCard.Render(Sample.Reviews["awaiting"]), "Action.ShowCard").Single();

        Assert.Equal("Deny", (string?)opens["title"]);
        Assert.Equal("reason", (string?)Nodes.OfType(opens, "Input.Text").Single()["id"]);
        Assert.Equal("deny", Nodes.Verbs(opens).Single());
    }

    [Theory]
    [InlineData("denied", "Ada Lovelace", "Deploy in progress, we look by hand", "03:06 UTC")]
    [InlineData("failed", "Ada Lovelace", "409 Conflict", "another operation is in progress", "5f6d7a1e-6a0e-4a49-8f27-1d1a6f1c2b3d")]
    [InlineData("done-recovered", "Ada Lovelace", "94 % → 41 %")]
    [InlineData("done-not-recovered", "94 % → 93.4 %")]
    [InlineData("awaiting-again", "Asks again (revision 2)", "no longer an Administrator", "daily-health", "Scale plan-prod")]
    [InlineData("awaiting-undelivered", "1 hour after this message")]
    [InlineData("awaiting-vague-title", "High memory on app-service-prod")]
    [InlineData("awaiting", "Azure public cloud, tenant")]
    [InlineData("denied", "unless somebody has it investigated again")]
    [InlineData("blocked", "lacks Microsoft.Web/sites/restart/Action", "az role assignment create --assignee")]
    [InlineData("refused", "part of the bot itself")]
    [InlineData("indeterminate-noted", "it was done", "its workers are 40 s old")]
    [InlineData("awaiting-sandbox", "Sandbox")]
    public void A_card_says_what_belongs_to_its_state(string state, params string[] words)
    {
        var read = string.Join('\n', Nodes.Texts(ReviewCard.Render(Sample.Reviews[state])));

        Assert.All(words, w => Assert.Contains(w, read, StringComparison.Ordinal));
    }

    [Fact]
    public void Why_it_asks_is_left_out_when_the_mode_beside_it_is_the_only_reason()
    {
        Assert.DoesNotContain(Nodes.Texts(ReviewCard.Render(Sample.Reviews["awaiting"])), t => t.Contains("Why it asks", StringComparison.Ordinal));
        Assert.Contains(Nodes.Texts(ReviewCard.Render(Sample.Reviews["awaiting-again"])), t => t.Contains("Why it asks", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("done-recovered")]
    [InlineData("failed")]
    [InlineData("indeterminate")]
    public void A_card_whose_request_was_sent_looks_back(string state)
    {
        var card = ReviewCard.Render(Sample.Reviews[state]);

        Assert.Equal("I found app-service-prod was running slowly.", (string?)Nodes.ById(card, "finding")!["text"]);
        Assert.Equal("**Action: Restart App Service 'app-service-prod'**", (string?)Nodes.ById(card, "action")!["text"]);
        Assert.Null(Nodes.ById(card, "impact"));
        Assert.Null(Nodes.ById(card, "rollback"));
        Assert.Equal(Operation(ReviewCard.Render(Sample.Reviews["awaiting"])), Operation(card));
    }

    [Fact]
    public void What_went_well_is_one_line() => Assert.Equal(
        "**Azure answered at 03:06 UTC:** accepted (200)", (string?)Nodes.ById(ReviewCard.Render(Sample.Reviews["done-recovered"]), "outcome")!["items"]!.AsArray().Single()!["text"]);

    [Fact]
    public void The_command_that_mends_a_block_stands_alone_whole_and_monospaced()
    {
        var command = Nodes.OfType(ReviewCard.Render(Sample.Reviews["blocked"]), "TextBlock").Single(t => ((string)t["text"]!).StartsWith("az ", StringComparison.Ordinal));

        Assert.Equal("Monospace", (string?)command["fontType"]);
        Assert.Equal(Sample.Missing.Reasons[0].Split('\n')[1], (string?)command["text"]);
    }

    [Fact]
    public void The_same_model_gives_the_same_card() => Assert.Equal(
        AdaptiveCard.HashOf(ReviewCard.Render(Sample.Reviews["awaiting"])), AdaptiveCard.HashOf(ReviewCard.Render(Sample.Reviews["awaiting"])));

    [Fact]
    public void Long_evidence_is_cut_visibly_and_the_operation_never()
    {
        var lots = Enumerable.Range(0, 40).Select(i => new Evidence($"Series {i}", new string('█', 3_000))).ToList();
        var model = Sample.Model(Sample.Proposal(ProposalStatus.AwaitingApproval) with { Finding = Sample.Finding with { Evidence = lots } });

        var card = ReviewCard.Render(model);

        Assert.True(ReviewCard.Fits(model));
        Assert.InRange(AdaptiveCard.SizeOf(card), 1, AdaptiveCard.LargestSize);
        Assert.Contains("more characters", Nodes.ById(card, "evidence")!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(Nodes.Texts(card), t => t == "**Not shown:** 32 more");
        Assert.Equal(Operation(card), Operation(ReviewCard.Render(Sample.Reviews["awaiting"])));
    }

    [Theory]
    [MemberData(nameof(States))]
    public void What_fits_while_asking_fits_in_every_later_state(string state)
    {
        // The largest body that still fits, with the longest words everybody may add later.
        var (fits, tooLong) = (0, 40_000);
        while (tooLong - fits > 64)
        {
            var middle = (fits + tooLong) / 2;
            (fits, tooLong) = ReviewCard.Fits(Large(state, middle)) ? (middle, tooLong) : (fits, middle);
        }

        Assert.InRange(fits, 1_000, 24_000);
        Assert.InRange(AdaptiveCard.SizeOf(ReviewCard.Render(Large(state, fits))), fits, AdaptiveCard.LargestSize);
    }

    private static CardModel Large(string state, int body)
    {
        var model = Sample.Reviews[state];
        var call = (Operation.ArmCall)model.Proposal.Operation;
        var wide = string.Concat(Enumerable.Repeat("漢", 700));
        return model with
        {
            Incident = new(wide, wide),
            Permission = wide,
            Approvers = wide,
            Instructions = wide,
            OtherRuns = [.. Enumerable.Repeat(wide, 20)],
            NotProposed = [.. Enumerable.Repeat(wide, 20)],
            Gated = model.Gated with
            {
                Proposal = model.Proposal with
                {
                    Operation = call with { Body = new string('x', body) },
                    StatusWhy = wide,
                    Finding = Sample.Finding with { Present = wide, Evidence = [.. Enumerable.Repeat(new Evidence(wide, wide), 30)] },
                    Decision = model.Proposal.Decision is { } d ? d with { By = d.By with { Name = wide }, Reason = wide } : null,
                    Execution = model.Proposal.Execution is { } e ? e with { Code = wide, Message = wide, CorrelationId = wide, Probe = wide } : null,
                    Annotation = model.Proposal.Annotation is { } a ? a with { By = a.By with { Name = wide } } : null,
                },
            },
        };
    }

    private static string Operation(JsonObject card) => Nodes.ById(card, "operation")!.ToJsonString();
}
