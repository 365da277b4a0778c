#!/usr/bin/env bash
# Lets ten thousand finishes meet in every store, and kills ten clients of each database, and twenty processes that add
# and remove the keys of an account in each: the build itself, which has to stay short, tries fewer of all. Run from the
# root of a built clone; other numbers, and which stores, are arguments: stores.sh [TESTS [FINISHES [KILLS]]]
set -euo pipefail

./mvnw -q test -pl u2f-core,u2f-verifier -Dtest="${1:-*RegistrationStoreTest}" -Du2f4j.finishes="${2:-10000}" -Du2f4j.kills=10 \
  -Dsurefire.failIfNoSpecifiedTests=false -DfailIfNoTests=false

./mvnw -q test -pl u2f-core,u2f-hid,u2f-verifier,examples -Dtest='*AccountTest#aKilledProcess*' -Du2f4j.kills="${3:-20}" \
  -Dsurefire.failIfNoSpecifiedTests=false -DfailIfNoTests=false -Dfuzz.skip
