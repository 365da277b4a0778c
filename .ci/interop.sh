#!/usr/bin/env bash
# Lets the built u2f command and library meet programs that are not of this project, from Debian's packages.
# Run from the root of a built clone. Ends with the first failure, whose messages are shown.
# packages: u2f-server libfido2-dev python3-fido2 gcc libc6-dev
set -euo pipefail

u2f=examples/bin/u2f
here=.ci/interop
classpath='examples/target/u2f/lib/*'
python=/usr/bin/python3 # the one that has Debian's modules
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

stage() {
  printf '%3d s  %s\n' "$SECONDS" "$*"
}

die() {
  echo "interop: $*" >&2
  exit 1
}

# verify NAME MESSAGES COMMAND...: the command has to verify every message, and refuse what it alters itself
verify() {
  local name=$1 messages=$2 registrations authentications said
  shift 2
  registrations=$(grep -c '^registration ' "$messages" || :)
  authentications=$(grep -c '^authentication ' "$messages" || :)
  if ((registrations < 10 || authentications < 10)); then
    die "$name: $registrations registrations and $authentications authentications are too few"
  fi
  said=$("$@" <"$messages") || die "$name: failed"
  stage "$name: $said"
  [[ $said == "$registrations registrations and $authentications authentications verified, "* ]] \
    || die "$name: there are $registrations registrations and $authentications authentications"
}

# shellcheck disable=SC2046 # a list of words
dpkg --status $(sed -n 's/^# packages://p' "$0") >/dev/null || die 'these Debian packages are missing'
# apart from the rounds, which have time limits: the first use may build
$u2f --version >/dev/null || die "$u2f does not run"

directory=$(mktemp --directory)
trap 'rm -rf "$directory"' EXIT
mkdir "$directory/keys"

said=$("$python" $here/rounds.py $u2f "$directory/keys" "$directory/ours") || die 'u2f-server: failed'
stage "u2f-server: $said"

gcc -std=c11 -Wall -Wextra -Werror -O1 -o "$directory/libfido2" $here/verify_libfido2.c -lfido2 -lcrypto
verify libfido2 "$directory/ours" "$directory/libfido2"

verify python-fido2 "$directory/ours" "$python" $here/verify_python_fido2.py
said=$("$python" $here/client_python_fido2.py "$java" -cp "$classpath" $here/SoftKey.java) \
  || die 'python-fido2 as client: failed'
stage "python-fido2 as client: $said"

stage 'done'
