#!/usr/bin/env bash
# Builds a Kubernetes control plane (kube-apiserver, kube-controller-manager, kube-scheduler) from Debian's source package, and takes etcd
# from Debian's binary package, into a cache folder outside the clone. About a quarter of an hour on two cores, once. Needs Debian 12 and
# 4 GB of disk while it builds; afterwards 300 MB stay. Go and etcd are unpacked beside the build and installed nowhere.
#
#   KUBERNETES_CACHE   where the programs go (default: ${XDG_CACHE_HOME:-$HOME/.cache}/runmodes-kubernetes)
#
# Safe to interrupt and to run twice: the programs appear by one rename at the very end, and what an interrupted build left is removed.
set -euo pipefail

release=1.20.2
source_version='1.20.5+really1.20.2-1.1+deb12u1'
programs=(kube-apiserver kube-controller-manager kube-scheduler)
cache="${KUBERNETES_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/runmodes-kubernetes}"
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

say() { printf '== %s\n' "$*"; }
stop() { printf 'The Kubernetes control plane was not built: %s\n' "$*" >&2; exit 1; }

mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
if [ -f "$cache/$release/etcd" ]; then
  say "Kubernetes $release is in $cache/$release already"
  exit 0
fi

exec 9>"$cache/lock"
flock -n 9 || stop "another build holds $cache/lock; wait for it"
rm -rf "$cache"/building.*
work=$(mktemp -d "$cache/building.XXXXXX")

child=
# A build that is interrupted takes its compilers with it: they are one process group.
tidy() {
  if [ -n "$child" ]; then kill -- "-$child" 2>/dev/null || true; fi
  rm -rf "$work" 2>/dev/null || { sleep 1; rm -rf "$work"; }
}
trap tidy EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

tools=()
for tool in dpkg-source:dpkg-dev jq:jq make:make rsync:rsync; do
  command -v "${tool%%:*}" >/dev/null || tools+=("${tool##*:}")
done
if [ ${#tools[@]} -gt 0 ]; then
  say "Installing ${tools[*]}"
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${tools[@]}"; } >"$work/tools.log" 2>&1 ||
    { tail -n 20 "$work/tools.log" >&2; stop "'apt-get install ${tools[*]}' failed; install them as root"; }
fi

# apt with a state of its own: Debian's archives as the machine already names them, and their sources too. The machine's own is not touched.
targets() { apt-get indextargets --format "$1 \$(REPO_URI) \$(RELEASE) \$(COMPONENT)" 'Created-By: Packages' 'Origin: Debian'; }
mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/unpacked"
{ targets deb; targets deb-src; } >"$work/sources.list"
[ -s "$work/sources.list" ] || stop "'apt-get indextargets' names no Debian archive; run 'apt-get update' as root once"
apt=(-qq -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=- -o "Dir::State::Lists=$work/lists" -o "Dir::Cache::Archives=$work/archives"
  -o Acquire::Retries=3)
# As root, apt would read with the rights of a user who may not look into the cache folder.
[ "$(id -u)" -ne 0 ] || apt+=(-o APT::Sandbox::User=root)

say "Fetching the source of Kubernetes $source_version, Go 1.19 and etcd"
cd "$work/archives"
{ apt-get "${apt[@]}" update && apt-get "${apt[@]}" download golang-1.19-go golang-1.19-src etcd-server &&
  apt-get "${apt[@]}" source --download-only "kubernetes=$source_version"; } >"$work/apt.log" 2>&1 || {
  tail -n 20 "$work/apt.log" >&2
  sed 's/^/tried: /' "$work/sources.list" >&2
  stop "apt could not fetch golang-1.19-go, golang-1.19-src, etcd-server and the source kubernetes=$source_version"
}
for package in ./*.deb; do dpkg-deb -x "$package" "$work/unpacked"; done
dpkg-source -x --no-check ./kubernetes_*.dsc "$work/source" >"$work/source.log"

compile() {
  local source="$work/source"
  mkdir -p "$source/.go/src/k8s.io" "$work/tmp"
  ln -s ../../.. "$source/.go/src/k8s.io/kubernetes"
  cd "$source"
  export GOROOT="$work/unpacked/usr/lib/go-1.19" GOPATH="$source/.go" GOCACHE="$work/go" GOTMPDIR="$work/tmp" TMPDIR="$work/tmp"
  export PATH="$GOROOT/bin:$PATH" CGO_ENABLED=0 GO111MODULE=off GOPROXY=off GOFLAGS='' GOLDFLAGS='-s -w'
  export KUBE_GIT_VERSION="v$release" KUBE_GIT_MAJOR=1 KUBE_GIT_MINOR=20 KUBE_GIT_COMMIT=debian KUBE_GIT_TREE_STATE=archive
  exec nice -n 10 make WHAT="$(printf 'cmd/%s ' "${programs[@]}")"
}

say "Compiling ${programs[*]}: about a quarter of an hour"
set -m
compile 9>&- >"$work/make.log" 2>&1 &
child=$!
set +m
wait "$child" || { tail -n 20 "$work/make.log" >&2; child=; stop "make failed"; }
child=

mkdir "$work/programs"
for program in "${programs[@]}"; do mv "$work/source/_output/local/go/bin/$program" "$work/programs/"; done
mv "$work/unpacked/usr/bin/etcd" "$work/programs/"
for program in "$work"/programs/*; do "$program" --version >/dev/null || stop "$(basename "$program") does not start"; done
mv -T "$work/programs" "$cache/$release"
say "Kubernetes $release is in $cache/$release"
