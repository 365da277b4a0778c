#!/bin/sh
# Measures what is not Java, in its own processes, with the messages in a directory: Debian's libu2f-server, and
# openssl speed. Prints a line "candidate<TAB>workload<TAB>threads<TAB>operations per second of CPU time" for each
# measurement and each process of it. Says on stderr what is not here.
# packages: gcc libc6-dev libu2f-server-dev openssl
#
#   native.sh DIRECTORY SECONDS
set -u
here=$(dirname "$0")
messages=$1
seconds=$2

if [ ! -x "$messages/libu2f" ]; then
  cc -O2 -w -o "$messages/libu2f" "$here/libu2f.c" -lu2f-server 2>"$messages/cc.log" ||
    echo "libu2f-server: needs gcc and libu2f-server-dev" >&2
fi
# candidate, workload, threads and a command: as many processes of it at once
measure() {
  name=$1 workload=$2 threads=$3
  shift 3
  i=0
  while [ $i -lt "$threads" ]; do
    i=$((i + 1))
    "$@" >"$messages/rate.$i" &
  done
  wait
  sed "s/^/$name\t$workload\t$threads\t/" $(seq -f "$messages/rate.%g" "$threads")
}

# user time is what it divides by
speed() {
  openssl speed -mr -seconds "$seconds" ecdsap256 2>/dev/null | awk -F: '/^\+F4:/ { print $5 }'
}

for threads in 1 2; do
  if [ -x "$messages/libu2f" ]; then
    measure libu2f-server FRESH $threads "$messages/libu2f" authentication "$messages/FRESH" "$seconds"
    measure libu2f-server REGISTRATION $threads "$messages/libu2f" registration "$messages/REGISTRATION" "$seconds"
  fi
  if command -v openssl >/dev/null; then
    measure 'openssl speed' FRESH $threads speed
  fi
done
command -v openssl >/dev/null || echo 'openssl speed: needs openssl' >&2
