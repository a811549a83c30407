namespace RunModes.Bot.Tests.Execution;

/// <summary>
/// What the real az 2.45 asks Azure for each command, after sign-in and apart from polling: a row is what was typed, what comes of it, and the requests in order with their
/// api-version; "~" stands for the providers of the group "web".
/// </summary>
internal static class AzRows
{
    public const string Reads = """
        webapp show -n shop -g web | "httpsOnly": false | GET ~/Microsoft.Web/sites/shop 2023-12-01
        webapp show -n shop -g web -s staging | "state": "Running" | GET ~/Microsoft.Web/sites/shop/slots/staging 2023-12-01
        webapp list -g web | "shop.azurewebsites.net" | GET ~/Microsoft.Web/sites 2022-03-01
        webapp deployment slot list -n shop -g web | "staging" | GET ~/Microsoft.Web/sites/shop/slots 2022-03-01
        webapp config show -n shop -g web | "alwaysOn": true | GET ~/Microsoft.Web/sites/shop/config/web 2022-03-01
        appservice plan show -n plan -g web | "capacity": 2 | GET ~/Microsoft.Web/serverfarms/plan 2022-03-01
        functionapp show -n jobs -g web | "functionapp" | GET ~/Microsoft.Web/sites/jobs 2023-12-01
        aks show -n aks1 -g web | "1.28.5" | GET ~/Microsoft.ContainerService/managedClusters/aks1 2022-11-01
        aks list -g web -o table | aks1 | GET ~/Microsoft.ContainerService/managedClusters 2022-11-01
        aks nodepool show --cluster-name aks1 -n pool1 -g web | "Standard_D4s_v3" | GET ~/Microsoft.ContainerService/managedClusters/aks1/agentPools/pool1 2022-11-01
        aks get-upgrades -n aks1 -g web | "1.29.2" | GET ~/Microsoft.ContainerService/managedClusters/aks1/upgradeProfiles/default 2022-11-01
        group show -n web | "westeurope" | GET /resourcegroups/web 2021-04-01
        resource list -g web --resource-type Microsoft.Web/sites | "jobs" | GET /resourcegroups/web 2021-04-01 ; GET /resources 2021-04-01
        monitor metrics list --resource /subscriptions/SUB/resourceGroups/web/providers/Microsoft.Web/sites/shop --metrics Http5xx --interval PT1M --offset 1h | "total": 17.0 | GET ~/Microsoft.Web/sites/shop/providers/Microsoft.Insights/metrics 2018-01-01
        monitor activity-log list --resource-id /subscriptions/SUB/resourceGroups/web/providers/Microsoft.Web/sites/shop --offset 6h --max-events 20 | "ada@contoso.example" | GET /providers/Microsoft.Insights/eventtypes/management/values 2015-04-01
        monitor autoscale show -n scale1 -g web | "maximum": "4" | GET ~/Microsoft.Insights/autoscalesettings/scale1 2022-10-01
        monitor log-analytics workspace show -n logs1 -g web | "retentionInDays": 30 | GET ~/Microsoft.OperationalInsights/workspaces/logs1 2021-12-01-preview
        sql server show -n sql1 -g web | "Ready" | GET ~/Microsoft.Sql/servers/sql1 2021-02-01-preview
        sql db show -s sql1 -n db1 -g web | "S1" | GET ~/Microsoft.Sql/servers/sql1/databases/db1 2022-05-01-preview
        postgres flexible-server show -n pg1 -g web | "Stopped" | GET ~/Microsoft.DBforPostgreSQL/flexibleServers/pg1 2022-12-01
        mysql flexible-server show -n my1 -g web | "8.0.21" | GET ~/Microsoft.DBforMySQL/flexibleServers/my1 2021-12-01-preview
        redis show -n cache1 -g web | "sslPort": 6380 | GET ~/Microsoft.Cache/redis/cache1 2022-06-01
        cosmosdb show -n docs1 -g web | "https://docs1.documents.azure.com:443/" | GET ~/Microsoft.DocumentDB/databaseAccounts/docs1 2022-08-15-preview
        storage account show -n store1 -g web | "Standard_LRS" | GET ~/Microsoft.Storage/storageAccounts/store1 2022-09-01
        servicebus queue show --namespace-name bus1 -n orders -g web | "deadLetterMessageCount": 2 | GET ~/Microsoft.ServiceBus/namespaces/bus1/queues/orders 2022-01-01-preview
        acr show -n reg1 -g web | "reg1.azurecr.io" | GET ~/Microsoft.ContainerRegistry/registries/reg1 2022-02-01-preview
        disk show -n disk1 -g web | 64 | GET ~/Microsoft.Compute/disks/disk1 2022-07-02
        """;

    public const string Changes = """
        aks nodepool scale --cluster-name aks1 -n pool1 -g web --node-count 5 | Succeeded Accepted | GET ~/Microsoft.ContainerService/managedClusters/aks1/agentPools/pool1 2022-11-01 ; PUT ~/Microsoft.ContainerService/managedClusters/aks1/agentPools/pool1 2022-11-01 {"properties": {"count": 5, "vmSize": "Standard_D4s_v3", "enableAutoScaling": false, "mode": "System"}} ; GET ~/Microsoft.ContainerService/managedClusters/aks1/agentPools/pool1 2022-11-01
        aks start -n aks1 -g web | Succeeded Accepted | POST ~/Microsoft.ContainerService/managedClusters/aks1/start 2022-11-01
        webapp update -n shop -g web --https-only true | Succeeded Accepted | GET ~/Microsoft.Web/sites/shop 2022-03-01 ; PUT ~/Microsoft.Web/sites/shop 2022-03-01 {"kind": "app", "location": "westeurope", "properties": {"enabled": true, "serverFarmId": "GROUP/providers/Microsoft.Web/serverfarms/plan", "httpsOnly": true}} ; GET ~/Microsoft.Web/sites/shop 2022-03-01
        sql db update -s sql1 -n db1 -g web --service-objective S2 | Succeeded Accepted | GET ~/Microsoft.Sql/servers/sql1/databases/db1 2022-05-01-preview ; GET ~/Microsoft.Sql/servers/sql1 2021-02-01-preview ; PUT ~/Microsoft.Sql/servers/sql1/databases/db1 2022-05-01-preview {"location": "westeurope", "sku": {"name": "S2"}, "properties": {"collation": "SQL_Latin1_General_CP1_CI_AS", "maxSizeBytes": 268435456000}} ; GET ~/Microsoft.Sql/servers/sql1/databases/db1 2022-05-01-preview
        postgres flexible-server start -n pg1 -g web | Succeeded Accepted | POST ~/Microsoft.DBforPostgreSQL/flexibleServers/pg1/start 2022-12-01
        postgres flexible-server stop -n pg1 -g web | Succeeded Accepted | POST ~/Microsoft.DBforPostgreSQL/flexibleServers/pg1/stop 2022-12-01
        """;

    public const string Machines = """
        vm show -n vm1 -g web | "Standard_B2s" | GET ~/Microsoft.Compute/virtualMachines/vm1 2020-06-01
        vmss list-instances -n set1 -g web | "instanceId": "0" | GET ~/Microsoft.Compute/virtualMachineScaleSets/set1/virtualMachines 2020-06-01
        vm start -n vm1 -g web | Succeeded Accepted | POST ~/Microsoft.Compute/virtualMachines/vm1/start 2020-06-01
        vm deallocate -n vm1 -g web | Succeeded Accepted | POST ~/Microsoft.Compute/virtualMachines/vm1/deallocate 2020-06-01
        vm stop -n vm1 -g web | Succeeded Accepted | POST ~/Microsoft.Compute/virtualMachines/vm1/powerOff 2020-06-01
        vmss scale -n set1 -g web --new-capacity 4 | Succeeded Accepted | GET ~/Microsoft.Compute/virtualMachineScaleSets/set1 2020-06-01 ; PUT ~/Microsoft.Compute/virtualMachineScaleSets/set1 2020-06-01 {"location": "westeurope", "sku": {"name": "Standard_B2s", "tier": "Standard", "capacity": 4}} ; GET ~/Microsoft.Compute/virtualMachineScaleSets/set1 2020-06-01
        """;
}
