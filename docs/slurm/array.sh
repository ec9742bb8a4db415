#!/bin/bash
# One shard of a run: a task of a Slurm job array. See docs/cluster.md; submit.sh submits it.
#   sbatch --array=1-32 array.sh 32 OUT volume-imbalance INPUT… --every 1m
# The number of shards is an argument, so that one can be submitted again by hand: --array=7.
#SBATCH --job-name=steelyard
#SBATCH --requeue
#SBATCH --open-mode=append
set -uo pipefail
shards=$1
out=$2
shift 2

# A lost node is requeued by Slurm, a process that crashed is not: it is requeued here, its own task alone, as the job's
# id without the task's would requeue the whole array.
most_restarts=${STEELYARD_RESTARTS:-3}
steelyard=${STEELYARD:-steelyard}

$steelyard run "$@" --shard "$SLURM_ARRAY_TASK_ID/$shards" --out "$out" ${STEELYARD_FLAGS:-}
status=$?
case $status in
0) exit 0 ;;
# bad input or usage, no adapter: no other try would end otherwise
2 | 3) exit "$status" ;;
esac
restarts=${SLURM_RESTART_COUNT:-0}
if [ "$restarts" -lt "$most_restarts" ]; then
  echo "shard $SLURM_ARRAY_TASK_ID ended with $status: again, $((restarts + 1)) of $most_restarts" >&2
  scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
  # until Slurm ends this run of the task
  sleep 60
fi
exit "$status"
