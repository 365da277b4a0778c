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
if [ -x "$messages/libu2f" ]; then
  for workload in FRESH REGISTRATION; do
    kind=$([ $workload = FRESH ] && echo authentication || echo registration)
    for threads in 1 2; do
      i=0
      while [ $i -lt $threads ]; do
        i=$((i + 1))
        "$messages/libu2f" $kind "$messages/$workload" "$seconds" >"$messages/rate.$i" &
      done
      wait
      sed "s/^/libu2f-server\t$workload\t$threads\t/" $(seq -f "$messages/rate.%g" $threads)
    done
  done
fi

if command -v openssl >/dev/null; then
  for threads in 1 2; do
    # user time is what it divides by; with -multi it prints the sum
    openssl speed -mr -seconds "$seconds" $([ $threads = 1 ] || echo -multi $threads) ecdsap256 2>/dev/null |
      awk -F: -v threads=$threads '/^\+F4:/ { printf "openssl speed\tFRESH\t%d\t%.1f\n", threads, $5 / threads }'
  done
else
  echo "openssl speed: needs openssl" >&2
fi
