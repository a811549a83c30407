namespace RunModes.Bot.Tests.Proposals.CommandLines;

/// <summary>One line a row: what becomes of it, a bar, and what was typed after "az". Reads, and what looks like one and shows secrets.</summary>
internal static class AzReads
{
    public const string Rows = """
        read Microsoft.Web/sites/read | webapp show -n shop -g web
        read Microsoft.Web/sites/read | webapp show --name shop --resource-group web
        read Microsoft.Web/sites/read | webapp show --resource-group web --name shop
        read Microsoft.Web/sites/read | webapp show --name "shop" --resource-group 'web'
        read Microsoft.Web/sites/read | webapp show -n shop -g web --subscription 11111111-2222-4333-8444-555555555555
        read Microsoft.Web/sites/read | webapp show -n shop -g web -o table
        read Microsoft.Web/sites/read | webapp show -n shop -g web --output yaml
        read Microsoft.Web/sites/slots/read | webapp show -n shop -g web -s staging
        read Microsoft.Web/sites/slots/read | webapp show -n shop -g web --slot staging
        read Microsoft.Web/sites/read | webapp list -g web
        read Microsoft.Web/sites/slots/read | webapp deployment slot list -n shop -g web
        read Microsoft.Web/sites/instances/read | webapp list-instances -n shop -g web
        read Microsoft.Web/sites/config/read | webapp config show -n shop -g web
        read Microsoft.Web/sites/config/read | webapp traffic-routing show -n shop -g web
        read Microsoft.Web/serverfarms/read | appservice plan show -n plan -g web
        read Microsoft.Web/serverfarms/read | appservice plan list -g web
        read Microsoft.Web/sites/read | functionapp show -n jobs -g web
        read Microsoft.Web/sites/read | functionapp list -g web
        read Microsoft.Compute/virtualMachines/read | vm show -n vm1 -g web
        read Microsoft.Compute/virtualMachines/read | vm show -n vm1 -g web --show-details
        read Microsoft.Compute/virtualMachines/read | vm show -n vm1 -g web -d
        read Microsoft.Compute/virtualMachines/read | vm list -g web
        read Microsoft.Compute/virtualMachines/instanceView/read | vm get-instance-view -n vm1 -g web
        read Microsoft.Compute/virtualMachineScaleSets/read | vmss show -n set1 -g web
        read Microsoft.Compute/virtualMachineScaleSets/read | vmss list -g web
        read Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read | vmss list-instances -n set1 -g web
        read Microsoft.ContainerService/managedClusters/read | aks show -n aks1 -g web
        read Microsoft.ContainerService/managedClusters/read | aks list -g web
        read Microsoft.ContainerService/managedClusters/agentPools/read | aks nodepool show --cluster-name aks1 -n pool1 -g web
        read Microsoft.ContainerService/managedClusters/agentPools/read | aks nodepool list --cluster-name aks1 -g web
        read Microsoft.Resources/subscriptions/resourceGroups/read | group show -n web
        read Microsoft.Resources/subscriptions/resourceGroups/resources/read | resource list -g web
        read Microsoft.Resources/subscriptions/resourceGroups/resources/read | resource list -g web --resource-type Microsoft.Web/sites
        read Microsoft.Insights/metrics/read | monitor metrics list --resource /subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/web/providers/Microsoft.Web/sites/shop --metric Http5xx
        read Microsoft.Insights/metrics/read | monitor metrics list --resource /subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/web/providers/Microsoft.Compute/virtualMachines/vm1 --metric "Percentage CPU" --interval PT5M --offset 2h --aggregation Average
        read Microsoft.Insights/eventtypes/values/read | monitor activity-log list --resource-id /subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/web/providers/Microsoft.Web/sites/shop --offset 6h --max-events 20
        read Microsoft.Insights/autoscalesettings/read | monitor autoscale show -n scale1 -g web
        read Microsoft.Sql/servers/read | sql server show -n sql1 -g web
        read Microsoft.Sql/servers/read | sql server list -g web
        read Microsoft.Sql/servers/databases/read | sql db show -s sql1 -n db1 -g web
        read Microsoft.Sql/servers/databases/read | sql db list --server sql1 -g web
        read Microsoft.DBforPostgreSQL/flexibleServers/read | postgres flexible-server show -n pg1 -g web
        read Microsoft.DBforPostgreSQL/flexibleServers/read | postgres flexible-server list -g web
        read Microsoft.DBforMySQL/flexibleServers/read | mysql flexible-server show -n my1 -g web
        read Microsoft.Cache/redis/read | redis show -n cache1 -g web
        read Microsoft.Cache/redis/read | redis list -g web
        read Microsoft.DocumentDB/databaseAccounts/read | cosmosdb show -n docs1 -g web
        read Microsoft.Storage/storageAccounts/read | storage account show -n store1 -g web
        read Microsoft.Storage/storageAccounts/read | storage account list -g web
        read Microsoft.ServiceBus/namespaces/read | servicebus namespace show -n bus1 -g web
        read Microsoft.EventHub/namespaces/read | eventhubs namespace show -n hub1 -g web
        read Microsoft.Network/virtualNetworks/read | network vnet show -n net1 -g web
        read Microsoft.Network/networkSecurityGroups/read | network nsg show -n nsg1 -g web
        read Microsoft.Network/networkSecurityGroups/securityRules/read | network nsg rule list --nsg-name nsg1 -g web
        read Microsoft.Network/loadBalancers/read | network lb show -n lb1 -g web
        read Microsoft.Network/publicIPAddresses/read | network public-ip show -n ip1 -g web
        read Microsoft.Network/networkInterfaces/read | network nic show -n nic1 -g web
        read Microsoft.Network/applicationGateways/read | network application-gateway show -n gw1 -g web
        read Microsoft.Compute/disks/read | disk show -n disk1 -g web
        read Microsoft.ContainerRegistry/registries/read | acr show -n reg1 -g web
        read Microsoft.Compute/virtualMachineScaleSets/instanceView/read | vmss get-instance-view -n set1 -g web
        read Microsoft.ContainerService/managedClusters/upgradeProfiles/read | aks get-upgrades -n aks1 -g web
        read Microsoft.Sql/servers/elasticPools/read | sql elastic-pool show -s sql1 -n pool1 -g web
        read Microsoft.Sql/servers/elasticPools/read | sql elastic-pool list -s sql1 -g web
        read Microsoft.ServiceBus/namespaces/queues/read | servicebus queue show --namespace-name bus1 -n orders -g web
        read Microsoft.ServiceBus/namespaces/queues/read | servicebus queue list --namespace-name bus1 -g web
        read Microsoft.ServiceBus/namespaces/topics/read | servicebus topic list --namespace-name bus1 -g web
        read Microsoft.EventHub/namespaces/eventhubs/read | eventhubs eventhub list --namespace-name hub1 -g web
        read Microsoft.OperationalInsights/workspaces/read | monitor log-analytics workspace show -n logs1 -g web
        read Microsoft.OperationalInsights/workspaces/read | monitor log-analytics workspace list -g web
        read Microsoft.ContainerRegistry/registries/read | acr list -g web
        secret | webapp config appsettings list -n shop -g web
        secret | webapp config connection-string list -n shop -g web
        secret | webapp config container show -n shop -g web
        secret | webapp deployment list-publishing-profiles -n shop -g web
        secret | webapp deployment list-publishing-credentials -n shop -g web
        secret | functionapp config appsettings list -n jobs -g web
        secret | functionapp keys list -n jobs -g web
        secret | functionapp function keys list -n jobs -g web --function-name f
        secret | keyvault show -n vault1
        secret | keyvault secret show --vault-name vault1 -n password
        secret | keyvault list
        secret | storage account keys list -n store1 -g web
        secret | storage account show-connection-string -n store1 -g web
        secret | storage account generate-sas --account-name store1
        secret | storage blob generate-sas --account-name store1
        secret | redis list-keys -n cache1 -g web
        secret | cosmosdb keys list -n docs1 -g web
        secret | servicebus namespace authorization-rule keys list -g web --namespace-name bus1 -n Root
        secret | eventhubs namespace authorization-rule keys list -g web --namespace-name hub1 -n Root
        secret | acr credential show -n reg1
        secret | aks get-credentials -n aks1 -g web
        secret | account get-access-token
        secret | appconfig kv list -n conf1
        secret | cognitiveservices account keys list -n ai1 -g web
        secret | iot hub connection-string show -n hub1
        secret | sql db show-connection-string -s sql1 -n db1 -c ado.net
        secret | containerapp secret list -n app1 -g web
        secret | containerapp show -n app1 -g web
        secret | search admin-key show --service-name s1 -g web
        secret | signalr key list -n sr1 -g web
        secret | deployment group show -n last -g web
        """;
}
