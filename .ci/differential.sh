#!/usr/bin/env bash
# Lets this library and three others judge the same responses, most of them altered, and compares the verdicts.
# Run from the root of a built clone. Takes the number of responses and the seed.
# packages: libu2f-server-dev python3-fido2 gcc libc6-dev
set -euo pipefail

count=${1:-2500}
seed=${2:-1}
here=.ci/differential
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
ours='examples/target/u2f/lib/*'

directory=$(mktemp --directory)
trap 'rm -rf "$directory"' EXIT

./mvnw -q -f $here/pom.xml org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath \
  -Dmdep.outputFile="$directory/classpath" || { echo 'differential: no class path of u2flib-server-core' >&2; exit 1; }
gcc -std=gnu11 -Wall -Wextra -Werror -O1 -o "$directory/libu2f" $here/libu2f.c -lu2f-server

"$java" -cp "$ours" $here/Mutants.java u2f-core/src/test/resources/org/u2f4j/vectors.json "$count" "$seed" >"$directory/mutants"
"$java" -cp "$ours" $here/Ours.java <"$directory/mutants" >"$directory/u2f4j"
"$java" -cp "$(cat "$directory/classpath")" $here/Peer.java <"$directory/mutants" >"$directory/u2flib" 2>"$directory/log" \
  || { cat "$directory/log" >&2; exit 1; }
"$directory/libu2f" <"$directory/mutants" >"$directory/libu2f-server"
/usr/bin/python3 $here/python_fido2.py <"$directory/mutants" >"$directory/python-fido2"
/usr/bin/python3 $here/verdicts.py "$directory/u2f4j" "$directory/u2flib" "$directory/libu2f-server" "$directory/python-fido2"
