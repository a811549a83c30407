using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>What can be done to apps, plans, slots and machines, and what that makes of them.</summary>
internal sealed partial class FakeArm
{
    private WireAnswer Scale(WireRequest request, IssuedToken? token, string id)
    {
        const string Right = "Microsoft.Web/serverfarms/write";
        if (!Access.Allows(id, Right)) return Forbidden(token, Right, id);
        if (request.Json?["sku"]?["capacity"]?.GetValue<int>() is not { } instances || request.Json["location"] is null) return WireAnswer.Error(400, "BadRequest", "The plan is incomplete.");
        ActivityLog.Add(new ActivityEvent(clock.GetUtcNow(), id, Right, token?.ClientId ?? ""));
        var plan = (AppServicePlan)resources[id];
        if (LongRunning.Plan is { } slowly) return LongRunning.Begin(id, slowly, () => plan.Scaled(instances));
        plan.Scaled(instances);
        return WireAnswer.Ok(plan.ToJson());
    }

    private WireAnswer Act(IssuedToken? token, string id, string action)
    {
        var right = $"Microsoft.Web/sites/{action}/Action";
        if (!Access.Allows(id, right)) return Forbidden(token, right, id);
        if (Access.Blocks(id) is { } held)
        {
            return WireAnswer.Error(409, "ScopeLocked",
                $"The scope '{id}' cannot perform write operation because following scope(s) are locked: '{held.Scope}'. Please remove the lock and try again.");
        }

        ActivityLog.Add(new ActivityEvent(clock.GetUtcNow(), id, right, token?.ClientId ?? ""));
        var app = (WebApp)resources[id];
        if (LongRunning.Plan is { } plan) return LongRunning.Begin(id, plan, () => app.Do(action));
        app.Do(action);
        return new WireAnswer(200);
    }

    /// <summary>Slots and virtual machines, whose changes Azure never finishes at once.</summary>
    private WireAnswer? Slow(WireRequest request, IssuedToken? token, Match path)
    {
        var (id, action) = (path.Groups["id"].Value, path.Groups["action"].Value);
        var slot = action.Equals("slotsswap", StringComparison.OrdinalIgnoreCase);
        if ((Versioned(request, id.Contains("/microsoft.web/", StringComparison.OrdinalIgnoreCase) ? "2023-12-01" : "2024-03-01") ?? Gone(id)) is { } refused) return refused;
        if (action.Equals("instanceView", StringComparison.OrdinalIgnoreCase))
            return request.Method == "GET" && resources[id] is VirtualMachine seen ? Readable(token, id, "Microsoft.Compute/virtualMachines/instanceView/read") ?? WireAnswer.Ok(seen.InstanceView()) : null;
        if (action.Length == 0)
        {
            if (request.Method != "GET") return null;
            if (resources[id] is VirtualMachine asked && LongRunning.StateOf(id) is { } state) asked.ProvisioningState = state;
            return WireAnswer.Ok(resources[id].ToJson());
        }

        if (request.Method != "POST") return null;
        var right = slot ? "Microsoft.Web/sites/slots/slotsswap/Action" : "Microsoft.Compute/virtualMachines/restart/action";
        if (!Access.Allows(id, right)) return Forbidden(token, right, id);
        if (slot && (request.Json?["targetSlot"] is null || request.Json["preserveVnet"] is null)) return WireAnswer.Error(400, "BadRequest", "The parameter targetSlot or preserveVnet is missing.");
        ActivityLog.Add(new ActivityEvent(clock.GetUtcNow(), id, right, token?.ClientId ?? ""));
        return LongRunning.Begin(id, LongRunning.Plan ?? new(slot ? UnderWay.Location202 : UnderWay.AsyncOperation202), () =>
        {
            if (resources[id] is Slot swapped) swapped.Swap();
            if (resources[id] is VirtualMachine restarted) restarted.Restarted();
        });
    }

    private WireAnswer Deployments(IssuedToken? token, string id, string of)
    {
        if (Readable(token, id, "Microsoft.Web/sites/deployments/read") is { } refused) return refused;
        var serves = (resources[id] as Slot)?.Serves ?? ((WebApp)resources[id]).Serves;
        JsonObject Json(string name, bool active) => new()
        {
            ["id"] = $"{id}/deployments/{name}", ["name"] = name, ["type"] = "Microsoft.Web/sites/deployments",
            ["properties"] = new JsonObject { ["active"] = active, ["status"] = 4, ["end_time"] = serves.Ended.UtcDateTime.ToString("O") },
        };
        return of.Length == 0 ? WireAnswer.Ok(new JsonObject { ["value"] = new JsonArray(Json(serves.Id, active: true)) })
            : of is "d-prod" or "d-slot" ? WireAnswer.Ok(Json(of, serves.Id == of))
            : WireAnswer.Error(404, "NotFound", $"Deployment '{of}' was not found.");
    }

    private WireAnswer? OfContainer(WireRequest request, IssuedToken? token, string id, Group of)
    {
        var app = (ContainerApp)resources[id];
        if (request.Method == "GET")
        {
            var right = of.Success ? "Microsoft.App/containerApps/revisions/read" : "Microsoft.App/containerApps/read";
            if (Readable(token, id, right) is { } refused) return refused;
            return !of.Success ? WireAnswer.Ok(app.ToJson())
                : of.Value.Length == 0 ? WireAnswer.Ok(new JsonObject { ["value"] = new JsonArray(app.Revision(app.Latest), app.Revision(app.Old)) })
                : app.Revision(of.Value[1..]) is { } revision ? WireAnswer.Ok(revision) : WireAnswer.Error(404, "RevisionNotFound", "No such revision.");
        }

        const string Right = "Microsoft.App/containerApps/write";
        if (request.Method != "PATCH" || of.Success) return null;
        if (!Access.Allows(id, Right)) return Forbidden(token, Right, id);
        if (request.Json?["properties"]?["configuration"]?["ingress"]?["traffic"] is not JsonArray traffic) return WireAnswer.Error(400, "BadRequest", "No traffic.");
        ActivityLog.Add(new ActivityEvent(clock.GetUtcNow(), id, Right, token?.ClientId ?? ""));
        return LongRunning.Begin(id, LongRunning.Plan ?? new(UnderWay.Location202), () => app.Traffic = (JsonArray)traffic.DeepClone());
    }

    [GeneratedRegex("^(?<id>/subscriptions/[^/]+/resourceGroups/[^/]+/providers/microsoft\\.app/containerApps/[^/]+)(/revisions(?<of>(/[^/]+)?))?$", RegexOptions.IgnoreCase)]
    private static partial Regex ContainerPath();
}
