# A Slurm of two nodes on this machine, without systemd: source it, then `cluster_start FOLDER`, `cluster_stop`.
# Needs root, and the packages slurm-wlm and munge.

cluster_start() {
  cluster=$1
  mkdir -p "$cluster"/{state,spool.n1,spool.n2,munge}
  chmod 755 "$cluster" "$cluster/munge"
  (umask 077 && head -c 1024 /dev/urandom >"$cluster/munge.key")
  cat >"$cluster/slurm.conf" <<CONF
ClusterName=steelyard
SlurmctldHost=$(hostname)(127.0.0.1)
SlurmctldPort=16817
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$cluster/munge/socket,cred_expire=5
StateSaveLocation=$cluster/state
SlurmdSpoolDir=$cluster/spool.%n
SlurmctldPidFile=$cluster/slurmctld.pid
SlurmdPidFile=$cluster/slurmd.%n.pid
SlurmctldLogFile=$cluster/slurmctld.log
SlurmdLogFile=$cluster/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SlurmdParameters=config_overrides
SlurmdTimeout=8
KillWait=2
MinJobAge=300
ReturnToService=1
SchedulerParameters=sched_interval=2,batch_sched_delay=1
NodeName=n1 NodeHostname=$(hostname) NodeAddr=127.0.0.1 Port=17001 CPUs=1
NodeName=n2 NodeHostname=$(hostname) NodeAddr=127.0.0.1 Port=17002 CPUs=1
PartitionName=all Nodes=n1,n2 Default=YES State=UP
CONF
  export SLURM_CONF=$cluster/slurm.conf
  munged --force --foreground --socket "$cluster/munge/socket" --pid-file "$cluster/munge/pid" \
    --seed-file "$cluster/munge/seed" --log-file "$cluster/munge/log" --key-file "$cluster/munge.key" 2>/dev/null &
  cluster_pids=($!)
  until [ -S "$cluster/munge/socket" ]; do sleep 0.1; done
  slurmctld -D >/dev/null 2>&1 &
  cluster_pids+=($!)
  slurmd -D -N n1 >/dev/null 2>&1 &
  cluster_pids+=($!)
  slurmd -D -N n2 >/dev/null 2>&1 &
  node2=$!
  cluster_pids+=("$node2")
  until sinfo -h -o '%t' 2>/dev/null | grep -q idle; do sleep 0.2; done
}

# Node n2 ends as a machine does: its daemon, what starts jobs there and the jobs at once, and nobody is told.
cluster_lose_node() {
  local job pid lost=("$node2")
  for job in $(squeue -h -w n2 -o %A); do
    for pid in $(pgrep -f "^slurmstepd: \[$job\."); do lost+=("$pid" $(cluster_below "$pid")); done
  done
  kill -9 "${lost[@]}"
}

cluster_below() {
  local pid
  for pid in $(pgrep -P "$1"); do echo "$pid" $(cluster_below "$pid"); done
}

cluster_stop() {
  kill "${cluster_pids[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
}
