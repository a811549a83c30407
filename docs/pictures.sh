#!/usr/bin/env bash
# Takes the README's pictures from the running bot in Microsoft's Agents Playground, as its tests see them. Needs what .ci/run installs.
set -euo pipefail
cd "$(dirname "$0")/.."
shots=$(mktemp -d)
trap 'rm -rf "$shots"' EXIT

SCREENSHOTS="$shots" dotnet test --filter FullyQualifiedName~AgentsPlaygroundTests
cp "$shots/awaiting-alone.png" docs/awaiting-approval.png
cp "$shots/done-alone.png" docs/done.png
cp "$shots/autonomous-alone.png" docs/autonomous.png
