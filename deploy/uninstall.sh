#!/usr/bin/env bash
# Takes RunModes.Bot away again: what the agent may do, the app registration of the webhook, and the resource group with everything in it.
# May be run again at any time. README.md beside this file says what stays and for how long.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: deploy/uninstall.sh --resource-group NAME [--name NAME] [--yes NAME]

  --resource-group NAME   the group that deploy.sh made
  --name NAME             stem of all names (default: runmodes)
  --yes NAME              the resource group's name once more, instead of typing it when asked

The audit goes with the database. Export it first, from a shell of the app (az webapp ssh): dotnet RunModes.Bot.dll audit --json
TEXT
}

group="" name=runmodes confirmed=""
while [ $# -gt 0 ]; do
  case "$1" in
    --resource-group | --name | --yes)
      [ $# -ge 2 ] || { usage >&2; exit 2; }
      case "$1" in --resource-group) group=$2 ;; --name) name=$2 ;; --yes) confirmed=$2 ;; esac
      shift 2 ;;
    -h | --help) usage; exit 0 ;;
    *) echo "'$1' is not an option." >&2; usage >&2; exit 2 ;;
  esac
done

graph=https://graph.microsoft.com/v1.0
azure=https://management.azure.com
step() { printf '\n== %s\n' "$*"; }
say() { printf '   %s\n' "$*"; }
refuse() { printf '%s\n' "$*" >&2; exit 2; }
stop() { printf '\nStopped: %s\nRun the same command again when it is mended.\n' "$*" >&2; exit 1; }

[ -n "$group" ] || { usage >&2; exit 2; }
[[ $name =~ ^[a-z][a-z0-9]{2,11}$ ]] || refuse "--name: 3 to 12 lower-case letters and digits, a letter first."
subscription=$(az account show --query id -o tsv) || refuse "az is not signed in: az login, then az account set --subscription ID."
subscription=${subscription%%$'\n'*}

step "1/4 What is there"
exists=$(az group exists --name "$group" -o tsv) || stop "az could not say whether the resource group exists."
if [ "$exists" = true ]; then
  owner=$(az group show --name "$group" --query "tags.runmodes || ''" -o tsv) || stop "the resource group could not be read."
  [ "$owner" = "$name" ] || refuse "--resource-group: $group was not made by deploy.sh for '$name' (it has no tag runmodes=$name); nothing is touched."
  if [ -z "$confirmed" ]; then
    printf "   This deletes the resource group %s of subscription %s with everything in it, the audit included.\n   Type its name to go on: " "$group" "$subscription"
    read -r confirmed || confirmed=""
  fi
  [ "$confirmed" = "$group" ] || refuse "Not confirmed; nothing is touched."
else
  say "the resource group is gone already"
fi

step "2/4 What the agent may do"
# First, while its identity still says who it is: an assignment whose identity is gone stays behind as 'unknown'.
identity="/subscriptions/$subscription/resourceGroups/$group/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-$name-agent"
principal=""
if [ "$exists" = true ]; then
  agent=$(az resource list --resource-group "$group" --resource-type Microsoft.ManagedIdentity/userAssignedIdentities --query "[?name=='id-$name-agent'].id | [0] || ''" -o tsv) ||
    stop "the identities could not be listed."
  [ -z "$agent" ] || principal=$(az resource show --ids "$agent" --api-version 2024-11-30 --query properties.principalId -o tsv) || stop "the agent's identity could not be read."
fi
roles=$azure/subscriptions
for one in $(az account list --query "[].id" -o tsv); do
  if [ -n "$principal" ]; then
    held=$(az rest --method GET --uri "$roles/$one/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&\$filter=principalId%20eq%20'$principal'" \
      --query "value[].id" -o tsv) || stop "the role assignments in subscription $one could not be listed."
    for assignment in $held; do
      az rest --method DELETE --uri "$azure$assignment?api-version=2022-04-01" -o none || stop "$assignment could not be deleted."
      say "deleted $assignment"
    done
  fi

  # Its own roles are known by their description, which holds the identity's id: that works without the identity, too.
  own=$(az rest --method GET --uri "$roles/$one/providers/Microsoft.Authorization/roleDefinitions?api-version=2022-04-01&\$filter=atScopeAndBelow()" \
    --query "value[?properties.type=='CustomRole' && contains(properties.description || '', '$identity')].id" -o tsv) || stop "the roles of subscription $one could not be listed."
  for role in $own; do
    az rest --method DELETE --uri "$azure$role?api-version=2022-04-01" -o none || stop "$role could not be deleted."
    say "deleted its role $role"
  done
done

step "3/4 The app registration of the secure webhook"
display="RunModes webhook $name ($group, ${subscription%%-*})"
found=$(az rest --method GET --uri "$graph/applications?\$filter=displayName%20eq%20'${display// /%20}'&\$select=id,appId" --query "value[].[id, appId]" -o tsv) || stop "the directory could not be asked."
if [ -z "$found" ]; then say "none"; fi
while read -r object _; do
  [ -n "$object" ] || continue
  az rest --method DELETE --uri "$graph/applications/$object" -o none || stop "'$display' could not be deleted."
  say "deleted '$display'"
done <<<"$found"

step "4/4 The resource group"
if [ "$exists" = true ]; then
  az group delete --name "$group" --yes -o none || stop "the resource group could not be deleted."
  say "deleted, and with it the bot's identity and its Microsoft Graph permissions"
fi
printf '\nDone. In Teams, remove the app from its teams and from the catalogue. The deleted vault can be had back for 90 days (az keyvault list-deleted).\n'
