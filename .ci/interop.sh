#!/usr/bin/env bash
# Lets the built u2f command and library meet programs that are not of this project, from Debian's packages.
# Run from the root of a built clone. Ends with the first failure, whose messages are shown.
# packages: u2f-server
set -euo pipefail

u2f=examples/bin/u2f
here=.ci/interop
python=/usr/bin/python3 # the one that has Debian's modules

stage() {
  printf '%3d s  %s\n' "$SECONDS" "$*"
}

die() {
  echo "interop: $*" >&2
  exit 1
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

stage 'done'
