namespace RunModes.Bot.Tests.Proposals.CommandLines;

/// <summary>Changes: those that run as requests of the bot's own, those that az runs, and those that nobody runs.</summary>
internal static class AzChanges
{
    public const string Rows = """
        arm Microsoft.Web/sites/restart/Action | webapp restart -n shop -g web
        arm Microsoft.Web/sites/restart/Action | webapp restart --name shop --resource-group web
        arm Microsoft.Web/sites/start/Action | webapp start -n shop -g web
        arm Microsoft.Web/sites/stop/Action | webapp stop -n shop -g web
        arm Microsoft.Web/sites/slots/slotsswap/Action | webapp deployment slot swap -n shop -g web --slot staging
        arm Microsoft.Web/sites/slots/slotsswap/Action | webapp deployment slot swap -n shop -g web -s staging --target-slot production
        arm Microsoft.Web/serverfarms/write | appservice plan update -n plan -g web --number-of-workers 3
        arm Microsoft.Compute/virtualMachines/restart/action | vm restart -n vm1 -g web
        change Microsoft.Compute/virtualMachines/start/action | vm start -n vm1 -g web
        change Microsoft.Compute/virtualMachines/deallocate/action | vm deallocate -n vm1 -g web
        change Microsoft.Compute/virtualMachines/powerOff/action | vm stop -n vm1 -g web
        change Microsoft.Compute/virtualMachineScaleSets/write | vmss scale -n set1 -g web --new-capacity 4
        change Microsoft.ContainerService/managedClusters/agentPools/write | aks nodepool scale --cluster-name aks1 -n pool1 -g web --node-count 5
        change Microsoft.ContainerService/managedClusters/agentPools/write | aks nodepool scale --cluster-name aks1 -n pool1 -g web -c 5
        change Microsoft.ContainerService/managedClusters/start/action | aks start -n aks1 -g web
        change Microsoft.Web/sites/write | webapp update -n shop -g web --https-only true
        change Microsoft.Sql/servers/databases/write | sql db update -s sql1 -n db1 -g web --service-objective S2
        change Microsoft.DBforPostgreSQL/flexibleServers/start/action | postgres flexible-server start -n pg1 -g web
        change Microsoft.DBforPostgreSQL/flexibleServers/stop/action | postgres flexible-server stop -n pg1 -g web
        change Microsoft.DBforMySQL/flexibleServers/start/action | mysql flexible-server start -n my1 -g web
        refused: --number-of-workers is needed | appservice plan update -n plan -g web
        refused: its secrets | webapp config set -n shop -g web --always-on true
        refused: --new-capacity is needed | vmss scale -n set1 -g web
        refused: 1 to | vmss scale -n set1 -g web --new-capacity 0
        refused: 1 to | appservice plan update -n plan -g web --number-of-workers 31
        refused: 1 to | aks nodepool scale --cluster-name aks1 -n pool1 -g web --node-count 0
        refused: true | webapp update -n shop -g web --https-only false
        refused: its secrets | webapp config set -n shop -g web -s staging --min-tls-version 1.2
        refused: slots | webapp restart -n shop -g web --slot staging
        refused: production | webapp deployment slot swap -n shop -g web --slot staging --target-slot other
        refused: production | webapp deployment slot swap -n shop -g web --slot production
        refused: sent twice | redis force-reboot -n cache1 -g web --reboot-type AllNodes
        refused: sent twice | vmss restart -n set1 -g web
        refused: sent twice | postgres flexible-server restart -n pg1 -g web
        refused: sent twice | containerapp revision restart -n app1 -g web --revision app1--r1
        refused: sent twice | vm redeploy -n vm1 -g web
        refused: Deletions | webapp delete -n shop -g web
        refused: Deletions | group delete -n web --yes
        refused: Deletions | vm delete -n vm1 -g web
        refused: Deletions | aks nodepool delete --cluster-name aks1 -n pool1 -g web
        refused: Deletions | resource delete --ids /subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/web
        refused: Deletions | network vnet peering delete -n p -g web --vnet-name net1
        refused: Deletions | webapp config hostname delete --hostname x -g web
        refused: Deletions | cosmosdb sql role assignment remove -a docs1
        refused: Deletions | keyvault secret purge --vault-name vault1 -n x
        refused: who may do what | role assignment create --assignee x --role Owner
        refused: who may do what | role assignment list
        refused: who may do what | ad user list
        refused: who may do what | policy assignment list
        refused: Locks | lock list
        refused: Locks | lock create -n l -g web --lock-type ReadOnly
        refused: machine | vm run-command invoke -n vm1 -g web --command-id RunShellScript
        refused: machine | vmss run-command invoke -n set1 -g web
        refused: machine | vm extension set -n CustomScript --publisher x --vm-name vm1 -g web
        refused: cluster | aks command invoke -n aks1 -g web --command "kubectl get secret"
        refused: raw requests | rest --method get --url https://management.azure.com/subscriptions
        refused: itself | login --service-principal
        refused: itself | logout
        refused: itself | account set -s other
        refused: itself | account show
        refused: itself | cloud set -n AzureChinaCloud
        refused: itself | config set extension.use_dynamic_install=yes_without_prompt
        refused: itself | configure --defaults group=web
        refused: itself | extension add -n containerapp
        refused: itself | upgrade --yes
        refused: itself | interactive
        refused: itself | find vm
        refused: code | webapp deploy -n shop -g web --src-path app.zip
        refused: code | webapp deployment source config-zip -n shop -g web --src app.zip
        refused: code | webapp up -n shop
        refused: machine | webapp ssh -n shop -g web
        refused: template | deployment group create -g web --template-file t.json
        refused: template | deployment sub create -l westeurope --template-file t.json
        refused: template | stack group create -n s -g web --template-file t.json
        refused: scripts | deployment-scripts create -n s -g web
        refused: identities | identity create -n id1 -g web
        refused: identities | webapp identity assign -n shop -g web
        refused: alert | monitor metrics alert update -n a1 -g web --enabled false
        refused: hears | monitor action-group update -n ag1 -g web
        refused: recorded | monitor diagnostic-settings create -n d1
        refused: tags | tag update --resource-id /subscriptions/11111111-2222-4333-8444-555555555555 --operation Merge
        refused: batch | batch job list
        refused: catalogue | webapp frobnicate -n shop -g web
        refused: catalogue | webapp
        refused: catalogue | group create -n other -l westeurope
        refused: catalogue | vm create -n vm2 -g web
        refused: catalogue | network nsg rule update --nsg-name nsg1 -n r -g web
        """;
}
