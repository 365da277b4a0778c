#!/usr/bin/env bash
# Lets this library, webauthn-server-core and webauthn4j-core judge the same WebAuthn responses, most of them altered.
# Run from the root of a built clone. Takes the number of responses, the seed and the folder of a corpus.
set -euo pipefail

count=${1:-2000}
seed=${2:-1}
corpus=${3:-${U2F4J_SAMPLES:-no}/corpus}
here=.ci/webauthn-peers
bin=${JAVA_HOME:+$JAVA_HOME/bin/}
ours=examples/target/u2f/lib

directory=$(mktemp --directory)
trap 'rm -rf "$directory"' EXIT

./mvnw -q -f $here/pom.xml org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath \
  -Dmdep.outputFile="$directory/classpath" || { echo 'webauthn-peers: no class path of the other libraries' >&2; exit 1; }
classpath=$ours/u2f-core.jar:$ours/u2f-verifier.jar:$ours/u2f-examples-bouncycastle.jar:$(cat "$directory/classpath")

"${bin}javac" -cp "$classpath" -d "$directory/classes" $here/*.java
# the first compiler only: for half a minute the second costs more than it gains
"${bin}java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$directory/classes:$classpath" ${MINORITIES:+-Dminorities=true} Peers "$count" "$seed" "$corpus"
