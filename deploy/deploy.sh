#!/usr/bin/env bash
# Puts RunModes.Bot into an Azure subscription, step by step, and may be run again at any time: what is there already stays as it is, what was
# interrupted is finished. README.md beside this file explains each step and who must be able to take it.
set -euo pipefail
umask 077

usage() {
  cat <<'TEXT'
usage: deploy/deploy.sh --resource-group NAME --location REGION --parameters FILE [options]

  --resource-group NAME   a group of its own: it is made when it is not there, and uninstall.sh deletes it
  --location REGION       such as westeurope
  --parameters FILE       a copy of deploy/parameters.json, filled in
  --name NAME             stem of all names, as in the parameters (default: runmodes)
  --package FILE          where the Teams app package goes (default: runmodes-NAME.zip here)
  --without-webhook       no app registration and no action group: alerts come by another way
  --without-grants        leave Microsoft Graph's permissions to somebody else; says what is missing
  --no-wait               do not wait until the bot says that it is ready

Ends with 0 when all is done, 1 when something is left to do (it says what), 2 on wrong use.
TEXT
}

group="" location="" parameters="" name=runmodes package="" webhook=yes grants=yes wait=yes
while [ $# -gt 0 ]; do
  case "$1" in
    --resource-group | --location | --parameters | --name | --package)
      [ $# -ge 2 ] || { usage >&2; exit 2; }
      case "$1" in
        --resource-group) group=$2 ;; --location) location=$2 ;; --parameters) parameters=$2 ;; --name) name=$2 ;; --package) package=$2 ;;
      esac
      shift 2 ;;
    --without-webhook) webhook=no; shift ;;
    --without-grants) grants=no; shift ;;
    --no-wait) wait=no; shift ;;
    -h | --help) usage; exit 0 ;;
    *) echo "'$1' is not an option." >&2; usage >&2; exit 2 ;;
  esac
done

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
graph=https://graph.microsoft.com/v1.0
left=()

step() { printf '\n== %s\n' "$*"; }
say() { printf '   %s\n' "$*"; }
refuse() { printf '%s\n' "$*" >&2; exit 2; }
stop() { printf '\nStopped: %s\nNothing is undone; run the same command again when it is mended.\n' "$*" >&2; exit 1; }
random() { head -c "$1" /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

step "1/9 What is needed"
if [ -z "$group" ] || [ -z "$location" ] || [ -z "$parameters" ]; then usage >&2; exit 2; fi
[[ $name =~ ^[a-z][a-z0-9]{2,11}$ ]] || refuse "--name: 3 to 12 lower-case letters and digits, a letter first."
[ -f "$parameters" ] || refuse "--parameters: there is no file $parameters; copy deploy/parameters.json and fill it in."
if grep -q '00000000-0000-0000-0000-000000000000' "$parameters"; then
  refuse "--parameters: $parameters still holds the zeros of the sample; set the object ids of your groups and the ids of your resource groups."
fi
if grep -Eqi '"(databasePassword|auditKey)"' "$parameters"; then
  refuse "--parameters: databasePassword and auditKey are secrets and belong into no file; take them out, this script makes them."
fi
package=${package:-$PWD/runmodes-$name.zip}
for program in az dotnet; do
  command -v "$program" >/dev/null || refuse "$program is not on PATH. Azure Cloud Shell has the Azure CLI; the .NET SDK is the one of global.json."
done
account=$(az account show --query "[id, tenantId, name]" -o tsv) || refuse "az is not signed in: az login, then az account set --subscription ID."
{ read -r subscription; read -r tenant; read -r subscription_name; } <<<"$account"
say "subscription $subscription_name ($subscription), tenant $tenant"

step "2/9 Resource group $group"
# Its own, because the bot never touches what lies in it, and uninstall.sh deletes it whole.
exists=$(az group exists --name "$group" -o tsv) || stop "az could not say whether the resource group exists."
if [ "$exists" = true ]; then
  owner=$(az group show --name "$group" --query "tags.runmodes || ''" -o tsv) || stop "the resource group could not be read."
  [ "$owner" = "$name" ] || refuse "--resource-group: $group exists and was not made for '$name' (it has no tag runmodes=$name); name one that does not exist yet."
  say "is there"
else
  az group create --name "$group" --location "$location" --tags "runmodes=$name" -o none || stop "the resource group could not be made."
  say "made in $location"
fi

step "3/9 An earlier deployment, if one is still running"
# Looked at first: what it still writes decides which secrets there are.
state=$(az deployment group list --resource-group "$group" --query "[?name=='runmodes'].properties.provisioningState | [0] || 'None'" -o tsv) || stop "the deployments could not be listed."
if [ "$state" = Running ] || [ "$state" = Accepted ]; then
  say "waiting for it"
  az deployment group wait --resource-group "$group" --name runmodes --custom "properties.provisioningState!='Running' && properties.provisioningState!='Accepted'" --timeout 3600 || stop "it did not end within an hour."
else
  say "none ($state)"
fi

step "4/9 The app registration of the secure webhook"
webhook_object="" webhook_client=""
# Found by its name, made once; whoever makes it owns it, which Azure asks of whoever names it in an action group.
if [ "$webhook" = yes ]; then
  display="RunModes webhook $name ($group, ${subscription%%-*})"
  filter="\$filter=displayName%20eq%20'${display// /%20}'&\$select=id,appId"
  found=$(az rest --method GET --uri "$graph/applications?$filter" --query "value[].[id, appId]" -o tsv) || stop "the directory could not be asked for the app registration. --without-webhook goes on without it."
  [ "$(grep -c . <<<"$found" || true)" -le 1 ] || stop "there are several app registrations called '$display'; delete the ones that no action group names."
  if [ -z "$found" ]; then
    cat >"$scratch/application.json" <<JSON
{ "displayName": "$display", "signInAudience": "AzureADMyOrg", "api": { "requestedAccessTokenVersion": 2 },
  "appRoles": [ { "id": "1f2a7c5e-6b1d-4e0f-9a53-0c8f2d7b4e61", "value": "ActionGroupsSecureWebhook", "displayName": "ActionGroupsSecureWebhook",
    "description": "Azure Monitor calls the webhook of the approval bot.", "allowedMemberTypes": [ "Application" ], "isEnabled": true } ] }
JSON
    found=$(az rest --method POST --uri "$graph/applications" --headers Content-Type=application/json --body "@$scratch/application.json" --query "[id, appId]" -o tsv | paste -sd '\t') ||
      stop "the app registration could not be made (Application Developer is enough). --without-webhook goes on without it."
    say "made '$display'"
  else
    say "'$display' is there"
  fi
  read -r webhook_object webhook_client <<<"$found"
  [ -n "$webhook_client" ] || stop "the directory did not say what the ids of the app registration are."
  az rest --method PATCH --uri "$graph/applications/$webhook_object" --headers Content-Type=application/json --body "{\"identifierUris\":[\"api://$webhook_client\"]}" -o none ||
    stop "the application id URI could not be set."

  principal_of() { # client id
    local id
    id=$(az rest --method GET --uri "$graph/servicePrincipals?\$filter=appId%20eq%20'$1'&\$select=id" --query "value[0].id || ''" -o tsv) || return 1
    [ -n "$id" ] || id=$(az rest --method POST --uri "$graph/servicePrincipals" --headers Content-Type=application/json --body "{\"appId\":\"$1\"}" --query id -o tsv) || return 1
    printf '%s' "$id"
  }
  resource=$(principal_of "$webhook_client") || stop "the service principal of the app registration could not be made."
  monitor=$(principal_of 461e8683-5575-4561-ac7f-899cc907d62a) || stop "the service principal of Azure Monitor (AzNS AAD Webhook) could not be made."
  held=$(az rest --method GET --uri "$graph/servicePrincipals/$monitor/appRoleAssignments" --query "length(value[?resourceId=='$resource'])" -o tsv) || stop "the roles of Azure Monitor could not be read."
  if [ "$held" = 0 ]; then
    if az rest --method POST --uri "$graph/servicePrincipals/$monitor/appRoleAssignments" --headers Content-Type=application/json \
      --body "{\"principalId\":\"$monitor\",\"resourceId\":\"$resource\",\"appRoleId\":\"1f2a7c5e-6b1d-4e0f-9a53-0c8f2d7b4e61\"}" -o none; then
      say "Azure Monitor may call it"
    else
      left+=("Azure Monitor has not got the role ActionGroupsSecureWebhook of '$display': an Application Administrator runs this script again. Until then alerts are answered 401.")
    fi
  else
    say "Azure Monitor may call it already"
  fi
else
  say "left out"
fi

step "5/9 Secrets"
# Azure says that a secret exists without saying what it is; only what does not exist is made. Not being able to tell ends here: a second
# audit key would make the audit unverifiable, a second password would cut the bot off.
vaults=$(az resource list --resource-group "$group" --resource-type Microsoft.KeyVault/vaults --query "[?starts_with(name, 'kv$name')].id" -o tsv) || stop "the vaults could not be listed."
[ "$(grep -c . <<<"$vaults" || true)" -le 1 ] || stop "there are several vaults of '$name' in $group."
has_secret() { # name; 0 yes, 1 no
  [ -n "$vaults" ] || return 1
  local code=0
  az resource show --ids "$vaults/secrets/$1" --api-version 2023-07-01 -o none 2>"$scratch/errors" || code=$?
  case $code in
    0) return 0 ;;
    3) return 1 ;;
    *) cat "$scratch/errors" >&2; stop "it could not be told whether the secret $1 exists." ;;
  esac
}
password="" key=""
if has_secret store-connection; then say "the database's is there and stays"; else password="Rm$(random 24)"; say "the database's is new"; fi
if has_secret audit-key; then say "the audit key is there and stays"; else key=$(random 32); say "the audit key is new"; fi
cat >"$scratch/secrets.json" <<JSON
{ "\$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#", "contentVersion": "1.0.0.0",
  "parameters": { "name": { "value": "$name" }, "databasePassword": { "value": "$password" }, "auditKey": { "value": "$key" },
    "webhookApplication": { "value": { "objectId": "$webhook_object", "clientId": "$webhook_client" } } } }
JSON

step "6/9 Azure resources and settings (ten to twenty minutes the first time)"
outputs=$(az deployment group create --resource-group "$group" --name runmodes --mode Incremental --template-file "$here/template.json" \
  --parameters "@$parameters" --parameters "@$scratch/secrets.json" \
  --query "properties.outputs.[webApp.value, host.value, botClientId.value, botPrincipalId.value, agentClientId.value, program.value]" -o tsv) ||
  stop "the deployment failed. 'az deployment operation group list --resource-group $group --name runmodes' says where; ../docs/troubleshooting.md says what it often is."
{ read -r app; read -r host; read -r bot_client; read -r bot_principal; read -r agent_client; read -r program; } <<<"$outputs"
[ -n "$program" ] || stop "the deployment did not say what it made."
say "https://$host, bot $bot_client, agent $agent_client"

step "7/9 Microsoft Graph permissions of the bot's identity"
grant() { # role id, role name
  local held
  held=$(az rest --method GET --uri "$graph/servicePrincipals/$bot_principal/appRoleAssignments" --query "length(value[?appRoleId=='$1'])" -o tsv) || return 1
  [ "$held" = 0 ] || { say "$2 is granted already"; return 0; }
  az rest --method POST --uri "$graph/servicePrincipals/$bot_principal/appRoleAssignments" --headers Content-Type=application/json \
    --body "{\"principalId\":\"$bot_principal\",\"resourceId\":\"$directory\",\"appRoleId\":\"$1\"}" -o none || return 1
  say "$2 granted"
}
if [ "$grants" = yes ]; then
  directory=$(az rest --method GET --uri "$graph/servicePrincipals?\$filter=appId%20eq%20'00000003-0000-0000-c000-000000000000'&\$select=id" --query "value[0].id || ''" -o tsv) || directory=""
  for role in df021288-bdef-4463-88db-98f22de89214=User.Read.All 98830695-27a2-44f7-8c18-0c3ebc9698f6=GroupMember.Read.All; do
    { [ -n "$directory" ] && grant "${role%%=*}" "${role##*=}"; } ||
      left+=("${role##*=} is not granted to the bot: a Privileged Role Administrator runs this script again. Until then every approval is refused, and the card says why.")
  done
else
  left+=("User.Read.All and GroupMember.Read.All are not granted to the bot (service principal $bot_principal): a Privileged Role Administrator runs this script without --without-grants. Until then every approval is refused.")
fi

step "8/9 The program"
dotnet publish "$here/../Bot" -c Release -o "$scratch/bot" "-p:ZipTo=$scratch/bot.zip" --nologo -v quiet || stop "the program could not be built."
if [ "$program" = image ]; then
  say "comes as the container image of the parameters"
else
  az webapp deploy --resource-group "$group" --name "$app" --type zip --src-path "$scratch/bot.zip" --restart true -o none || stop "the program could not be uploaded."
  say "uploaded"
fi

step "9/9 The Teams app"
dotnet "$scratch/bot/RunModes.Bot.dll" package --app-id "$bot_client" --tenant "$tenant" --out "$package" || stop "the package could not be written."

if [ "$wait" = yes ]; then
  say "waiting until https://$host/readyz answers"
  ready=no
  for try in $(seq 60); do
    # App Service looks up what the vault holds once, and the role on the vault may not have held yet.
    if [ $((try % 12)) -eq 0 ]; then
      az rest --method POST -o none 2>/dev/null \
        --uri "https://management.azure.com/subscriptions/$subscription/resourceGroups/$group/providers/Microsoft.Web/sites/$app/config/configreferences/appsettings/refresh?api-version=2022-03-01" || true
    fi
    if curl -fsS --max-time 10 "https://$host/readyz" >/dev/null 2>&1; then ready=yes; break; fi
    sleep 10
  done
  [ "$ready" = yes ] && say "ready" || left+=("The bot does not say that it is ready yet. 'az webapp log tail --resource-group $group --name $app' shows its reason: it ends with one line for each wrong setting. A vault reference may need ten minutes after the first run, and then this script once more.")
fi

if [ ${#left[@]} -gt 0 ]; then
  printf '\nLeft to do:\n'
  printf ' - %s\n' "${left[@]}"
  exit 1
fi
printf '\nDone. Upload %s to Teams, add it to the team whose channel shall hear of incidents, and write "health" to it.\n' "$package"
