#!/usr/bin/env bash
# Lets the built u2f command and library meet programs that are not of this project, from Debian's packages.
# Run from the root of a built clone. Ends with the first failure, whose messages are shown.
# packages: u2f-server libfido2-dev python3-fido2 libauthen-u2f-tester-perl gcc libc6-dev openssl
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
# what u2f-server accepted, the relying party accepts, and each altered message it refuses for the one right reason
verify 'this relying party' "$directory/ours" "$java" -cp "$classpath" $here/Verify.java
verify libfido2 "$directory/ours" "$directory/libfido2"

verify python-fido2 "$directory/ours" "$python" $here/verify_python_fido2.py
said=$("$python" $here/client_python_fido2.py "$java" -cp "$classpath" $here/SoftKey.java) \
  || die 'python-fido2 as client: failed'
stage "python-fido2 as client: $said"

testers=()
for number in 1 2 3 4; do
  tester=$directory/tester$number
  openssl ecparam -name prime256v1 -genkey -noout -out "$tester.key"
  subject=/CN=$(printf '%0*d' $((15 * number)) "$number") # of a length of its own
  openssl req -new -x509 -sha256 -days 1 -key "$tester.key" -subj "$subject" -out "$tester.crt"
  testers+=("$tester.key" "$tester.crt")
done
/usr/bin/perl $here/tester.pl "${testers[@]}" >"$directory/theirs" || die 'Authen::U2F::Tester: failed'
verify 'Authen::U2F::Tester, by this relying party' "$directory/theirs" "$java" -cp "$classpath" $here/Verify.java
verify 'Authen::U2F::Tester, by libfido2' "$directory/theirs" "$directory/libfido2"
verify 'Authen::U2F::Tester, by python-fido2' "$directory/theirs" "$python" $here/verify_python_fido2.py
stage 'done'
