namespace RunModes.Bot.Proposals.CommandLines;

/// <summary>The az commands that were reviewed. Data-like on purpose: one line an entry, one test row an entry at least. What is not here does not run.</summary>
internal static class AzCatalogue
{
    private static readonly CommandValue AnyName = new CommandValue.Name();

    public static readonly CommandOption Group = new("--resource-group", "-g", AnyName);
    public static readonly CommandOption Subscription = new("--subscription", null, new CommandValue.Subscription());
    public static readonly CommandOption Output = new("--output", "-o", new CommandValue.OneOf("json", "table", "yaml"));

    private static readonly CommandOption Named = new("--name", "-n", AnyName);
    private static readonly CommandOption Slot = new("--slot", "-s", AnyName);
    private static readonly CommandOption Server = new("--server", "-s", AnyName);
    private static readonly CommandOption Cluster = new("--cluster-name", null, AnyName);
    private static readonly CommandOption Namespace = new("--namespace-name", null, AnyName);
    private static readonly CommandOption Nsg = new("--nsg-name", null, AnyName);

    private const string WebVersion = "2023-12-01";
    public const string Sites = "Microsoft.Web/sites";
    private const string Plans = "Microsoft.Web/serverfarms";
    private const string Machines = "Microsoft.Compute/virtualMachines";
    private const string Sets = "Microsoft.Compute/virtualMachineScaleSets";
    private const string Clusters = "Microsoft.ContainerService/managedClusters";
    private const string Sql = "Microsoft.Sql/servers";
    private const string Postgres = "Microsoft.DBforPostgreSQL/flexibleServers";
    private const string MySql = "Microsoft.DBforMySQL/flexibleServers";
    private const string Security = "Microsoft.Network/networkSecurityGroups";

    private const string NoSlots = "deployment slots are not restarted, started or stopped by this agent; name the app alone";
    private static readonly Dictionary<string, string> OnSites = new() { ["--slot"] = NoSlots, ["-s"] = NoSlots };

    /// <summary>az waits until Azure is done.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(15);

    public static IReadOnlyList<CatalogueCommand> Reads { get; } =
    [
        Show("webapp show", Sites) with { Child = Slot, ShownAt = WebVersion }, List("webapp list", Sites), Under("webapp deployment slot list", Sites, $"{Sites}/slots/read"),
        Under("webapp list-instances", Sites, $"{Sites}/instances/read"), Under("webapp config show", Sites, $"{Sites}/config/read"), Under("webapp traffic-routing show", Sites, $"{Sites}/config/read"),
        Show("appservice plan show", Plans), List("appservice plan list", Plans),
        Show("functionapp show", Sites) with { ShownAt = WebVersion }, List("functionapp list", Sites),
        Show("vm show", Machines) with { More = [new("--show-details", "-d", null)] }, List("vm list", Machines), Under("vm get-instance-view", Machines, $"{Machines}/instanceView/read"),
        Show("vmss show", Sets), List("vmss list", Sets), Under("vmss list-instances", Sets, $"{Sets}/virtualMachines/read"), Under("vmss get-instance-view", Sets, $"{Sets}/instanceView/read"),
        Show("aks show", Clusters), List("aks list", Clusters), Under("aks get-upgrades", Clusters, $"{Clusters}/upgradeProfiles/read"),
        Child("aks nodepool show", $"{Clusters}/agentPools", Cluster), Under("aks nodepool list", Clusters, $"{Clusters}/agentPools/read") with { Names = [Cluster, Group] },
        new(CommandTool.Az, "group show", Effect.ReadOnly, "Microsoft.Resources/subscriptions/resourceGroups/read", [Named], []),
        Of("resource list", "Microsoft.Resources/subscriptions/resourceGroups/resources/read", [Group], new CommandOption("--resource-type", null, new CommandValue.ResourceType())),
        Of("monitor metrics list", "Microsoft.Insights/metrics/read", [new("--resource", null, new CommandValue.Id())],
            new("--metrics", "--metric", new CommandValue.Label()), new("--interval", null, new CommandValue.OneOf("PT1M", "PT5M", "PT15M", "PT30M", "PT1H", "PT6H", "PT12H", "P1D")),
            new("--offset", null, new CommandValue.Span("hdm")), new("--aggregation", null, new CommandValue.OneOf("Average", "Total", "Maximum", "Minimum", "Count"))),
        Of("monitor activity-log list", "Microsoft.Insights/eventtypes/values/read", [new("--resource-id", null, new CommandValue.Id())],
            new("--offset", null, new CommandValue.Span("hdm")), new("--max-events", null, new CommandValue.Number(1, 200))),
        Show("monitor autoscale show", "Microsoft.Insights/autoscalesettings"), List("monitor autoscale list", "Microsoft.Insights/autoscalesettings"),
        Show("sql server show", Sql), List("sql server list", Sql), Child("sql db show", $"{Sql}/databases", Server), Under("sql db list", Sql, $"{Sql}/databases/read") with { Names = [Server, Group] },
        Child("sql elastic-pool show", $"{Sql}/elasticPools", Server), Under("sql elastic-pool list", Sql, $"{Sql}/elasticPools/read") with { Names = [Server, Group] },
        Show("postgres flexible-server show", Postgres), List("postgres flexible-server list", Postgres),
        Show("mysql flexible-server show", MySql), List("mysql flexible-server list", MySql),
        Show("redis show", "Microsoft.Cache/redis"), List("redis list", "Microsoft.Cache/redis"),
        Show("cosmosdb show", "Microsoft.DocumentDB/databaseAccounts"), List("cosmosdb list", "Microsoft.DocumentDB/databaseAccounts"),
        Show("storage account show", "Microsoft.Storage/storageAccounts"), List("storage account list", "Microsoft.Storage/storageAccounts"),
        Show("servicebus namespace show", "Microsoft.ServiceBus/namespaces"), List("servicebus namespace list", "Microsoft.ServiceBus/namespaces"),
        Show("eventhubs namespace show", "Microsoft.EventHub/namespaces"), List("eventhubs namespace list", "Microsoft.EventHub/namespaces"),
        Child("servicebus queue show", "Microsoft.ServiceBus/namespaces/queues", Namespace), Under("servicebus queue list", "Microsoft.ServiceBus/namespaces", "Microsoft.ServiceBus/namespaces/queues/read") with { Names = [Namespace, Group] },
        Under("servicebus topic list", "Microsoft.ServiceBus/namespaces", "Microsoft.ServiceBus/namespaces/topics/read") with { Names = [Namespace, Group] },
        Under("eventhubs eventhub list", "Microsoft.EventHub/namespaces", "Microsoft.EventHub/namespaces/eventhubs/read") with { Names = [Namespace, Group] },
        Of("monitor log-analytics workspace show", "Microsoft.OperationalInsights/workspaces/read", [new("--workspace-name", "-n", AnyName), Group]) with { Type = "Microsoft.OperationalInsights/workspaces" },
        List("monitor log-analytics workspace list", "Microsoft.OperationalInsights/workspaces"),
        Show("network vnet show", "Microsoft.Network/virtualNetworks"), List("network vnet list", "Microsoft.Network/virtualNetworks"),
        Show("network nsg show", Security), List("network nsg list", Security), Under("network nsg rule list", Security, $"{Security}/securityRules/read") with { Names = [Nsg, Group] },
        Show("network lb show", "Microsoft.Network/loadBalancers"), List("network lb list", "Microsoft.Network/loadBalancers"),
        Show("network public-ip show", "Microsoft.Network/publicIPAddresses"), List("network public-ip list", "Microsoft.Network/publicIPAddresses"),
        Show("network nic show", "Microsoft.Network/networkInterfaces"), Show("network application-gateway show", "Microsoft.Network/applicationGateways"),
        Show("disk show", "Microsoft.Compute/disks"), List("disk list", "Microsoft.Compute/disks"), Show("acr show", "Microsoft.ContainerRegistry/registries"), List("acr list", "Microsoft.ContainerRegistry/registries"),
    ];

    public static IReadOnlyList<CatalogueCommand> Changes { get; } =
    [
        Sent("webapp restart", ArmAction.RestartWebApp, [Named, Group]) with { Hints = OnSites }, Sent("webapp start", ArmAction.StartWebApp, [Named, Group]) with { Hints = OnSites },
        Sent("webapp stop", ArmAction.StopWebApp, [Named, Group]) with { Hints = OnSites },
        Sent("webapp deployment slot swap", ArmAction.SwapSlotIntoProduction, [Named, Slot with { Value = new CommandValue.OtherSlot() }, Group], new CommandOption("--target-slot", null, new CommandValue.OneOf("production"))),
        Sent("vm restart", ArmAction.RestartVirtualMachine, [Named, Group]),
        Sent("appservice plan update", ArmAction.ScaleAppServicePlan, [Named, Group], Needed("--number-of-workers", null, new CommandValue.Number(1, 30))) with { LeadsTo = new("instances", "2023-12-01", "sku.capacity", "--number-of-workers") },

        Change("vm start", Machines, $"{Machines}/start/action", [Named, Group]) with
        {
            LeadsTo = Power("running"),
            Label = "Start virtual machine", Short = "start", Did = "started", LeastRole = "Virtual Machine Contributor", Limit = Long,
            Impact = "The machine boots within minutes and is paid for from then on.", Rollback = "Deallocating the machine again.",
        },
        Change("vm deallocate", Machines, $"{Machines}/deallocate/action", [Named, Group]) with
        {
            LeadsTo = Power("deallocated"),
            Label = "Deallocate virtual machine", Short = "deallocate", Did = "deallocated", LeastRole = "Virtual Machine Contributor", Limit = Long,
            Impact = "Everything on the machine stops until it is started again; a dynamic public address and what is on the temporary disk are lost.", Rollback = "Starting the machine again; what was only on the temporary disk stays lost.",
        },
        Change("vm stop", Machines, $"{Machines}/powerOff/action", [Named, Group]) with
        {
            LeadsTo = Power("stopped"),
            Label = "Power off virtual machine", Short = "power off", Did = "powered off", LeastRole = "Virtual Machine Contributor", Limit = Long,
            Impact = "Everything on the machine stops until it is started again; it goes on being paid for.", Rollback = "Starting the machine again.",
        },
        Change("vmss scale", Sets, $"{Sets}/write", [Named, Group], Needed("--new-capacity", null, new CommandValue.Number(1, 100))) with
        {
            LeadsTo = new("instances", "2024-03-01", "sku.capacity", "--new-capacity"),
            Label = "Scale scale set", Short = "scale", Did = "scaled", LeastRole = "Virtual Machine Contributor", Limit = Long,
            Impact = "Instances are added, or taken away with what runs on them, until there are as many as the command says.", Rollback = "Scaling back to the number of instances it had.",
        },
        Change("aks nodepool scale", $"{Clusters}/agentPools", $"{Clusters}/agentPools/write", [Cluster, Named, Group], Needed("--node-count", "-c", new CommandValue.Number(1, 100))) with
        {
            LeadsTo = new("nodes", "2024-02-01", "properties.count", "--node-count"),
            Label = "Scale node pool", Short = "scale", Did = "scaled", LeastRole = "Azure Kubernetes Service Contributor Role", Limit = Long,
            Impact = "Nodes are added, or drained and taken away, until there are as many as the command says.", Rollback = "Scaling back to the number of nodes it had.",
        },
        Change("aks start", Clusters, $"{Clusters}/start/action", [Named, Group]) with
        {
            LeadsTo = new("power state", "2024-02-01", "properties.powerState.code", "Running"),
            Label = "Start cluster", Short = "start", Did = "started", LeastRole = "Azure Kubernetes Service Contributor Role", Limit = Long,
            Impact = "The cluster and its nodes start within minutes and are paid for from then on.", Rollback = "Stopping the cluster again.",
        },
        Change("webapp update", Sites, $"{Sites}/write", [Named, Group], Needed("--https-only", null, new CommandValue.OneOf("true"))) with
        {
            LeadsTo = new("HTTPS only", "2023-12-01", "properties.httpsOnly", "true"),
            Label = "Answer HTTPS only on App Service", Short = "answer HTTPS only on", Did = "set to HTTPS only", LeastRole = "Website Contributor", Limit = TimeSpan.FromMinutes(3),
            Impact = "Requests over plain HTTP are redirected from then on; callers that do not follow fail. az writes the whole app as it read it a moment before, so what somebody else changes in between is set back.", Rollback = "Allowing HTTP again by hand.",
        },
        Change("sql db update", $"{Sql}/databases", $"{Sql}/databases/write", [Server, Named, Group], Needed("--service-objective", null, new CommandValue.Label())) with
        {
            LeadsTo = new("service objective", "2021-11-01", "properties.currentServiceObjectiveName", "--service-objective"),
            Label = "Change the service objective of database", Short = "change the service objective of", Did = "given another service objective", LeastRole = "SQL DB Contributor", Limit = Long,
            Impact = "The database costs and carries what the objective says; connections drop once when it switches over.", Rollback = "Setting the objective that it had.",
        },
        Change("postgres flexible-server start", Postgres, $"{Postgres}/start/action", [Named, Group]) with
        {
            LeadsTo = new("state", "2022-12-01", "properties.state", "Ready"),
            Label = "Start PostgreSQL server", Short = "start", Did = "started", LeastRole = "Contributor", Limit = Long,
            Impact = "The server starts within minutes and is paid for from then on.", Rollback = "Stopping the server again.",
        },
        Change("postgres flexible-server stop", Postgres, $"{Postgres}/stop/action", [Named, Group]) with
        {
            LeadsTo = new("state", "2022-12-01", "properties.state", "Stopped"),
            Label = "Stop PostgreSQL server", Short = "stop", Did = "stopped", LeastRole = "Contributor", Limit = Long,
            Impact = "Nobody reaches the databases until it is started again; Azure starts it by itself after seven days.", Rollback = "Starting the server again.",
        },
        Change("mysql flexible-server start", MySql, $"{MySql}/start/action", [Named, Group]) with
        {
            LeadsTo = new("state", "2021-05-01", "properties.state", "Ready"),
            Label = "Start MySQL server", Short = "start", Did = "started", LeastRole = "Contributor", Limit = Long,
            Impact = "The server starts within minutes and is paid for from then on.", Rollback = "Stopping the server again.",
        },
    ];

    public static IReadOnlyList<CatalogueCommand> All { get; } = [.. Reads, .. Changes];

    public static CatalogueCommand? Find(string words) => All.FirstOrDefault(c => c.Words == words);

    private static TargetState Power(string state) => new("power state", "2024-03-01", "statuses.PowerState", state) { View = "instanceView" };

    private static CommandOption Needed(string name, string? @short, CommandValue value) => new(name, @short, value) { IsNeeded = true };

    private static CatalogueCommand Of(string words, string action, IReadOnlyList<CommandOption> names, params CommandOption[] more) => new(CommandTool.Az, words, Effect.ReadOnly, action, names, more);

    private static CatalogueCommand Show(string words, string type) => Of(words, $"{type}/read", [Named, Group]) with { Type = type };

    private static CatalogueCommand Child(string words, string type, CommandOption parent) => Of(words, $"{type}/read", [parent, Named, Group]) with { Type = type };

    private static CatalogueCommand List(string words, string type) => Of(words, $"{type}/read", [Group]);

    /// <summary>What belongs to one resource.</summary>
    private static CatalogueCommand Under(string words, string type, string action) => Of(words, action, [Named, Group]) with { Type = type };

    private static CatalogueCommand Sent(string words, ArmAction action, IReadOnlyList<CommandOption> names, params CommandOption[] more) =>
        new(CommandTool.Az, words, action.Effect, action.Action, names, more) { Type = action.ResourceType, Equivalent = action };

    private static CatalogueCommand Change(string words, string type, string action, IReadOnlyList<CommandOption> names, params CommandOption[] more) =>
        new(CommandTool.Az, words, Effect.Mutating, action, names, more) { Type = type };
}
