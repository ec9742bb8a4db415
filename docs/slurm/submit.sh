#!/bin/bash
# Submits a run in shards and the merge that follows when all are done; prints the id of the merge.
#   docs/slurm/submit.sh SHARDS OUT ANALYTIC INPUT… [flags of `steelyard run`]
# OUT lies on a file system that all nodes share: shards in OUT/shards, the tables in OUT/tables.
# SBATCH_FLAGS go to every task: --gpus-per-task=1, --cpus-per-task=8, --mem=16G. STEELYARD is the command, if not `steelyard`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
shards=$1
out=$2
shift 2
mkdir -p "$out/log"
log="$out/log/%x-%a.log"
# shellcheck disable=SC2086
array=$(sbatch --parsable --array="1-$shards" --output="$log" ${SBATCH_FLAGS:-} "$here/array.sh" "$shards" "$out/shards" "$@")
sbatch --parsable --job-name=steelyard-merge --dependency="afterok:$array" --kill-on-invalid-dep=yes \
  --output="$out/log/merge.log" --wrap "${STEELYARD:-steelyard} merge '$out/shards' --out '$out/tables'"
