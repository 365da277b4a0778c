# What the jobs in the virtual machine share; they run from the root of a built clone and give their own arguments.
# shellcheck shell=bash disable=SC2034 # they use it
here=$PWD/u2f-hid/src/it
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
fast=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -Xshare:auto)
u2f=("$java" "${fast[@]}" -cp "$PWD/examples/target/u2f/lib/*" org.u2f4j.examples.U2f)
it_classpath=u2f-hid/target/test-classes:u2f-hid/target/classes:$(<u2f-hid/target/it-classpath)
key=("$@")
[ $# -gt 0 ] || key=("${u2f[@]}" virtual-key)
# a program that waits for the key without need waits three minutes
limit=(timeout 180)
origin=https://example.com
work=$(mktemp -d)
bus=''
device=''

say() { # start, what
  local micros=$((${EPOCHREALTIME/./} - $1))
  printf '%4d.%02d s  %s: %s\n' $((micros / 1000000)) $((micros / 10000 % 100)) "$bus" "$2"
}

failed() {
  echo "What the key said:"
  tail -n 20 /run/virtual-key/*/said | sed 's/^/  /'
  exit 1
}

step() { # what it checks, command
  local start=${EPOCHREALTIME/./}
  # not as a condition, where bash goes on after a failure
  set +e
  (
    set -euo pipefail
    cd "$work"
    "${@:2}"
  ) >"$work/output" 2>&1
  local status=$?
  set -e
  if [ $status != 0 ]; then
    say "$start" "FAILED: $1"
    sed 's/^/  /' "$work/output"
    failed
  fi
  say "$start" "$1"
}
