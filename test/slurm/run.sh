#!/bin/bash
# Runs an analytic over four shards on a Slurm of two nodes on this machine, with a process that crashes and a node that is
# lost on the way, and compares the merged tables with those of a run that was not cut, byte by byte.
# Needs root and, unless they are there, installs Debian's slurm-wlm and munge. Usage: npm run build && test/slurm/run.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v slurmctld >/dev/null && command -v munged >/dev/null || {
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends slurm-wlm munge >/dev/null
}
source test/slurm/cluster.sh
work=$(mktemp -d)
trap 'cluster_stop; rm -rf "$work"' EXIT
chmod 755 "$work"
say() { printf '%s  %s\n' "$(date +%T)" "$*"; }

export STEELYARD="$PWD/test/slurm/crash-once.sh" STEELYARD_CLI="$PWD/dist/cli/main.js" CRASHED="$work/crashed"
flags=(volume-imbalance "$work/market/trades.arrow" --every 1m,1h --threads 1 --backend cpu --quiet)
say "a market of ${TRADES:=4000000} trades"
node "$STEELYARD_CLI" generate --instruments 500 --trades "$TRADES" --out "$work/market" >/dev/null 2>&1
node "$STEELYARD_CLI" run "${flags[@]}" --out "$work/whole"

cluster_start "$work/cluster"
say "nodes: $(sinfo -h -N -o '%N %t' | tr '\n' ' ')"
merge=$(docs/slurm/submit.sh 4 "$work/out" "${flags[@]}")
say "four shards and their merge, job $merge, are submitted"

state() { scontrol show job "$1" | grep -oP 'JobState=\K\S+'; }
until [ -e "$CRASHED" ] && squeue -h -t running -o '%N %j' | grep -q '^n2 steelyard'; do sleep 0.1; done
sleep 0.5
say "lost: node n2 with its task $(squeue -h -w n2 -t running -o '%i' | tr '\n' ' ')"
cluster_lose_node
shown=''
until [[ $(state "$merge") =~ ^(COMPLETED|FAILED|CANCELLED|TIMEOUT|NODE_FAIL)$ ]]; do
  now="$(sinfo -h -N -o '%N %t' | tr '\n' ' ')| $(squeue -h -r -o '%i %T %N' | tr '\n' ';')"
  [ "$now" = "$shown" ] || say "$now"
  shown=$now
  sleep 1
done
say "merge: $(state "$merge")"
grep -h 'again' "$work"/out/log/*.log || true
cat "$work/out/log/merge.log"
[ "$(state "$merge")" = COMPLETED ]
for table in "$work"/whole/*; do
  cmp "$table" "$work/out/tables/$(basename "$table")"
  say "$(basename "$table"): the same $(stat -c %s "$table") bytes"
done
