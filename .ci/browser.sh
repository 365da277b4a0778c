#!/usr/bin/env bash
# Lets Debian's Chromium, whose DevTools play the keys, register and sign in at a relying party that is this library.
# Run from the root of a built clone. Ends with the first failure, whose messages are shown.
#
#   browser.sh                      with simulated keys
#   browser.sh prepare FOLDER       only compiles, for what follows
#   browser.sh plugged-in FOLDER KEY
#     with the U2F key that is plugged into this machine, which "u2f keys" calls KEY, and nothing simulated; then on the
#     pages of "u2f web", and with "u2f account" in the terminal
# packages: chromium
set -euo pipefail

here=.ci/browser
classpath='examples/target/u2f/lib/*'
bin=${JAVA_HOME:+$JAVA_HOME/bin/}

die() {
  echo "browser: $*" >&2
  exit 1
}

clean_up() {
  if [ -n "${java:-}" ]; then
    kill "$java" 2>/dev/null || : # it ends Chromium before it ends itself
    wait "$java" || :
  fi
  rm -rf "$directory"
}

[ -x /usr/bin/chromium ] || die 'there is no /usr/bin/chromium, install the Debian package chromium'
directory=$(mktemp --directory)
trap clean_up EXIT

compile() { # folder
  "${bin}javac" -Xlint:all,-try -Werror -proc:none -d "$1/classes" -cp "$classpath" $here/*.java \
    .ci/web/{PluggedIn,BothFaces,Node,Walk}.java
}

compiled=${2:-$directory}
case ${1:-} in
  prepare)
    compile "$compiled"
    exit
    ;;
  plugged-in) program=(PluggedIn "$directory" $here/page.html "$3") ;;
  *)
    compile "$compiled"
    program=(Browser "$directory" $here/page.html "$directory/https.p12" password)
    said=$("${bin}keytool" -genkeypair -keystore "$directory/https.p12" -storepass password -alias site -keyalg EC \
      -groupname secp256r1 -dname CN=account.example.org 2>&1) || die "keytool: $said"
    ;;
esac
# behind the shell, which therefore hears of Ctrl-C at once
"${bin}java" -XX:TieredStopAtLevel=1 "-Du2f.classpath=$classpath" -cp "$compiled/classes:$classpath" "${program[@]}" &
java=$!
wait "$java"
