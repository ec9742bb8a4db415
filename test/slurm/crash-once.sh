#!/bin/bash
# steelyard, whose process for shard 3 is killed the first time.
if [[ "$*" == *"--shard 3/"* ]] && (set -o noclobber && : >"$CRASHED") 2>/dev/null; then
  node "$STEELYARD_CLI" "$@" &
  sleep 0.5
  kill -9 $!
  wait $!
  exit
fi
exec node "$STEELYARD_CLI" "$@"
