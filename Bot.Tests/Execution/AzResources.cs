using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Execution;

/// <summary>What is in the resource group "web" of <see cref="AzArm"/>: type, path below its provider, and the members that az needs to be there.</summary>
internal static class AzResources
{
    private const string All = """
        Microsoft.Web/sites | shop | {"kind":"app","properties":{"state":"Running","hostNames":["shop.azurewebsites.net"],"enabled":true,"serverFarmId":"GROUP/providers/Microsoft.Web/serverfarms/plan","httpsOnly":false,"defaultHostName":"shop.azurewebsites.net","resourceGroup":"web"}}
        Microsoft.Web/sites | jobs | {"kind":"functionapp","properties":{"state":"Running","hostNames":["jobs.azurewebsites.net"],"enabled":true,"serverFarmId":"GROUP/providers/Microsoft.Web/serverfarms/plan","defaultHostName":"jobs.azurewebsites.net","resourceGroup":"web"}}
        Microsoft.Web/sites/slots | shop/staging | {"kind":"app","properties":{"state":"Running","enabled":true,"serverFarmId":"GROUP/providers/Microsoft.Web/serverfarms/plan","resourceGroup":"web"}}
        Microsoft.Web/sites/instances | shop/i1 | {"properties":{"state":"READY"}}
        Microsoft.Web/sites/config | shop/web | {"properties":{"numberOfWorkers":1,"alwaysOn":true,"minTlsVersion":"1.2","experiments":{"rampUpRules":[{"name":"blue","actionHostName":"shop-blue.azurewebsites.net","reroutePercentage":25}]}}}
        Microsoft.Web/serverfarms | plan | {"kind":"app","sku":{"name":"S1","tier":"Standard","size":"S1","family":"S","capacity":2},"properties":{"status":"Ready","numberOfWorkers":2,"reserved":false}}
        Microsoft.Compute/virtualMachines | vm1 | {"properties":{"provisioningState":"Succeeded","hardwareProfile":{"vmSize":"Standard_B2s"}}}
        Microsoft.Compute/virtualMachineScaleSets | set1 | {"sku":{"name":"Standard_B2s","tier":"Standard","capacity":2},"properties":{"provisioningState":"Succeeded"}}
        Microsoft.Compute/virtualMachineScaleSets/virtualMachines | set1/0 | {"instanceId":"0","properties":{"provisioningState":"Succeeded"}}
        Microsoft.Compute/disks | disk1 | {"properties":{"diskSizeGB":64,"provisioningState":"Succeeded","creationData":{"createOption":"Empty"}}}
        Microsoft.ContainerService/managedClusters | aks1 | {"properties":{"provisioningState":"Succeeded","powerState":{"code":"Running"},"kubernetesVersion":"1.28.5","dnsPrefix":"aks1","servicePrincipalProfile":{"clientId":"msi"},"agentPoolProfiles":[{"name":"pool1","count":3,"mode":"System"}]}}
        Microsoft.ContainerService/managedClusters/agentPools | aks1/pool1 | {"properties":{"count":3,"vmSize":"Standard_D4s_v3","mode":"System","provisioningState":"Succeeded","enableAutoScaling":false}}
        Microsoft.ContainerService/managedClusters/upgradeProfiles | aks1/default | {"properties":{"controlPlaneProfile":{"kubernetesVersion":"1.28.5","osType":"Linux","upgrades":[{"kubernetesVersion":"1.29.2"}]},"agentPoolProfiles":[{"kubernetesVersion":"1.28.5","osType":"Linux"}]}}
        Microsoft.Insights/autoscalesettings | scale1 | {"properties":{"enabled":true,"name":"scale1","targetResourceUri":"GROUP/providers/Microsoft.Web/serverfarms/plan","profiles":[{"name":"always","capacity":{"minimum":"1","maximum":"4","default":"2"},"rules":[]}]}}
        Microsoft.OperationalInsights/workspaces | logs1 | {"properties":{"provisioningState":"Succeeded","retentionInDays":30,"sku":{"name":"PerGB2018"}}}
        Microsoft.Sql/servers | sql1 | {"properties":{"administratorLogin":"dba","version":"12.0","state":"Ready"}}
        Microsoft.Sql/servers/databases | sql1/db1 | {"sku":{"name":"Standard","tier":"Standard","capacity":20},"properties":{"status":"Online","currentServiceObjectiveName":"S1","requestedServiceObjectiveName":"S1","collation":"SQL_Latin1_General_CP1_CI_AS","maxSizeBytes":268435456000}}
        Microsoft.Sql/servers/elasticPools | sql1/pool1 | {"sku":{"name":"StandardPool","tier":"Standard","capacity":100},"properties":{"state":"Ready"}}
        Microsoft.DBforPostgreSQL/flexibleServers | pg1 | {"sku":{"name":"Standard_B1ms","tier":"Burstable"},"properties":{"state":"Stopped","version":"14"}}
        Microsoft.DBforMySQL/flexibleServers | my1 | {"sku":{"name":"Standard_B1ms","tier":"Burstable"},"properties":{"state":"Stopped","version":"8.0.21"}}
        Microsoft.Cache/redis | cache1 | {"properties":{"provisioningState":"Succeeded","redisVersion":"6.0","sku":{"name":"Basic","family":"C","capacity":1},"hostName":"cache1.redis.cache.windows.net","port":6379,"sslPort":6380}}
        Microsoft.DocumentDB/databaseAccounts | docs1 | {"kind":"GlobalDocumentDB","properties":{"provisioningState":"Succeeded","documentEndpoint":"https://docs1.documents.azure.com:443/","databaseAccountOfferType":"Standard"}}
        Microsoft.Storage/storageAccounts | store1 | {"kind":"StorageV2","sku":{"name":"Standard_LRS","tier":"Standard"},"properties":{"provisioningState":"Succeeded"}}
        Microsoft.ServiceBus/namespaces | bus1 | {"sku":{"name":"Standard","tier":"Standard"},"properties":{"provisioningState":"Succeeded","status":"Active"}}
        Microsoft.ServiceBus/namespaces/queues | bus1/orders | {"properties":{"status":"Active","messageCount":42,"countDetails":{"activeMessageCount":40,"deadLetterMessageCount":2}}}
        Microsoft.EventHub/namespaces | hub1 | {"sku":{"name":"Standard","tier":"Standard","capacity":1},"properties":{"provisioningState":"Succeeded","status":"Active"}}
        Microsoft.ContainerRegistry/registries | reg1 | {"sku":{"name":"Basic","tier":"Basic"},"properties":{"provisioningState":"Succeeded","loginServer":"reg1.azurecr.io"}}
        """;

    public static AzArm Fill(AzArm arm)
    {
        arm.Add(AzArm.Group, "Microsoft.Resources/resourceGroups", new JsonObject { ["properties"] = new JsonObject { ["provisioningState"] = "Succeeded" } });
        foreach (var row in All.Replace("GROUP", AzArm.Group, StringComparison.Ordinal).Split('\n'))
        {
            var parts = row.Split(" | ");
            arm.Add(Id(parts[0], parts[1]), parts[0], JsonNode.Parse(parts[2])!.AsObject());
        }

        return arm;
    }

    public static string Id(string type, string names)
    {
        var kinds = type.Split('/');
        return $"{AzArm.Group}/providers/{kinds[0]}{string.Concat(kinds.Skip(1).Zip(names.Split('/'), (kind, name) => $"/{kind}/{name}"))}";
    }

    public static JsonObject Metric(string path) => JsonNode.Parse("""
        {"cost":59,"timespan":"2026-11-25T12:00:00Z/2026-11-25T12:01:00Z","interval":"PT1M","namespace":"Microsoft.Web/sites","resourceregion":"westeurope","value":[{"id":"PATH/Http5xx",
        "type":"Microsoft.Insights/metrics","name":{"value":"Http5xx","localizedValue":"Http Server Errors"},"unit":"Count","errorCode":"Success","timeseries":[{"metadatavalues":[],"data":[{"timeStamp":"2026-11-25T12:00:00Z","total":17}]}]}]}
        """.Replace("PATH", path, StringComparison.Ordinal))!.AsObject();

    public static JsonObject Events() => JsonNode.Parse("""
        {"value":[{"eventDataId":"1","correlationId":"2","eventTimestamp":"2026-11-25T11:00:00Z","submissionTimestamp":"2026-11-25T11:01:00Z","level":"Informational","caller":"ada@contoso.example",
        "resourceId":"GROUP/providers/Microsoft.Web/sites/shop","subscriptionId":"SUB","operationName":{"value":"Microsoft.Web/sites/write"},"status":{"value":"Succeeded"}}]}
        """.Replace("GROUP", AzArm.Group, StringComparison.Ordinal).Replace("SUB", Known.Subscription, StringComparison.Ordinal))!.AsObject();
}
