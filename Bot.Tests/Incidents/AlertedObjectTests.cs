using System.Text.Json.Nodes;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using static RunModes.Bot.Tests.Incidents.Samples;

namespace RunModes.Bot.Tests.Incidents;

/// <summary>An alert's labels may say where in a cluster to look, by names of one grammar, and nothing else.</summary>
public sealed class AlertedObjectTests
{
    private const string Cluster = $"/subscriptions/{Subscription}/resourcegroups/rg-aks/providers/microsoft.containerservice/managedclusters/aks-01";

    [Theory]
    [InlineData("""{"namespace":"shop","deployment":"web"}""", "/namespaces/shop/deployments/web")]
    [InlineData("""{"namespace":"shop","deployment":"web","pod":"other-7d9c8f6b5-x2x4k"}""", "/namespaces/shop/deployments/web")]
    [InlineData("""{"namespace":"shop","pod":"web-7d9c8f6b5-x2x4k"}""", "/namespaces/shop/deployments/web")]
    [InlineData("""{"namespace":"shop","pod":"web-front-7d9c8f6b5-x2x4k","container":"app"}""", "/namespaces/shop/deployments/web-front")]
    [InlineData("""{"namespace":"shop","pod":"db-0"}""", "/namespaces/shop/pods/db-0")]
    [InlineData("""{"namespace":"shop"}""", "")]
    [InlineData("""{"deployment":"web"}""", "")]
    [InlineData("""{"namespace":"","deployment":"web"}""", "")]
    public void Labels_name_a_deployment_and_pods_of_one_deployment_are_one_target(string labels, string below) =>
        Assert.Equal(Cluster + below, Labelled(labels).Target?.Value);

    [Theory]
    [InlineData("Shop", "web")]
    [InlineData("shop", "web/../../secrets")]
    [InlineData("shop", "web --all-namespaces")]
    [InlineData("shop", "--all")]
    [InlineData("shop", "web;id")]
    [InlineData("shop", "wéb")]
    [InlineData("..", "web")]
    [InlineData("shop", "a..b")]
    [InlineData("shop/deployments/web/namespaces/x", "web")]
    [InlineData("shop", "@/etc/passwd")]
    public void A_name_that_Kubernetes_does_not_give_is_no_target(string space, string deployment)
    {
        var alert = Labelled(new JsonObject { ["namespace"] = space, ["deployment"] = deployment }.ToJsonString());

        Assert.Null(alert.Target);
        Assert.Contains("Kubernetes has no such names", alert.TargetProblem, StringComparison.Ordinal);
    }

    [Fact]
    public void Dimensions_name_it_as_well_and_several_objects_are_none()
    {
        Assert.EndsWith("/namespaces/shop/deployments/web", Dimensioned(("Namespace", "shop"), ("Deployment", "web")).Target!.Value, StringComparison.Ordinal);
        Assert.Contains("several objects", Dimensioned(("namespace", "shop"), ("deployment", "web"), ("deployment", "api")).TargetProblem, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_of_an_alert_on_anything_but_a_cluster_say_nothing()
    {
        var payload = Payload("metric-static-fired", root => root["data"]!["alertContext"]!["labels"] = new JsonObject { ["namespace"] = "shop", ["deployment"] = "web" });
        Assert.Equal(ShopWeb, Parsed(payload).Target?.Value);
    }

    [Theory]
    [InlineData("Microsoft.ContainerService/managedClusters", "", true)]
    [InlineData("", "aks-01", true)]
    [InlineData("", Cluster, true)]
    [InlineData("", $"{Cluster}/namespaces/shop/deployments/web", true)]
    [InlineData("", "web", true)]
    [InlineData("", $"{Cluster}/namespaces/shop/deployments/api", false)]
    [InlineData("", "aks-02", false)]
    [InlineData("Microsoft.Web/sites", "", false)]
    public void A_plan_for_a_cluster_takes_what_is_in_it(string type, string resource, bool takes)
    {
        var plan = new ResponsePlan { Name = "kube", Platform = Platform.AzureMonitor, ResourceType = type, Resource = resource, Version = 1 };

        Assert.Equal(takes, PlanFilter.Misses(plan, Routed.Of(Labelled("""{"namespace":"shop","deployment":"web"}"""))).Count == 0);
    }

    [Fact]
    public void An_object_and_its_id_are_one_and_its_operations_have_one_key()
    {
        var it = KubernetesObject.Of(ResourceId.Parse(Cluster), "shop", "deployments", "web")!;

        Assert.Equal(it, KubernetesObject.Of(it.Id));
        Assert.Equal(("aks-01/shop/web", "shop/web"), (it.Id.NameInFull, it.Says));
        Assert.Equal($"{Cluster}/kubernetes/shop/deployments.apps/web", it.Key);
        Assert.Equal(Cluster, KubernetesObject.InAzure(it.Id).Value);
        Assert.Null(KubernetesObject.Of(ResourceId.Parse(Cluster)));
        Assert.Null(KubernetesObject.Of(ResourceId.Parse($"/subscriptions/{Subscription}/resourceGroups/g/providers/Microsoft.EventHub/namespaces/n/eventhubs/e")));
        Assert.Null(KubernetesObject.Of(ResourceId.Parse(Cluster), "shop", "secrets", "web"));
        Assert.Null(KubernetesObject.Of(ResourceId.Parse(Cluster), "shop", "nodes", "n1"));
    }

    private static Alert Labelled(string labels) => Parsed(Payload("prometheus", root => root["data"]!["alertContext"]!["labels"] = JsonNode.Parse(labels)));

    private static Alert Dimensioned(params (string Name, string Value)[] dimensions) => Parsed(Payload("prometheus", root => root["data"]!["alertContext"] = new JsonObject
    {
        ["condition"] = new JsonObject
        {
            ["allOf"] = new JsonArray(new JsonObject { ["dimensions"] = new JsonArray([.. dimensions.Select(d => (JsonNode)new JsonObject { ["name"] = d.Name, ["value"] = d.Value })]) }),
        },
    }));
}
