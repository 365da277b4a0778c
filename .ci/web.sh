#!/usr/bin/env bash
# Lets Debian's Chromium, whose DevTools play the keys, go through all pages of "u2f web": on SQLite, and on PostgreSQL
# with two processes behind one name. axe looks at each page, and pictures of it are kept in examples/target/pages.
# Run from the root of a built clone. Ends with the first failure.
# packages: chromium curl
set -euo pipefail

here=.ci/web
axe_version=4.14.1
axe_sha256=e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745
lib=$PWD/examples/target/u2f/lib/*
pages=examples/target/pages
bin=${JAVA_HOME:+$JAVA_HOME/bin/}

die() {
  echo "web: $*" >&2
  exit 1
}

clean_up() {
  if [ -n "${java:-}" ]; then
    kill "$java" 2>/dev/null || : # it ends Chromium and the processes of u2f before it ends itself
    wait "$java" || :
  fi
  rm -rf "$directory"
}

[ -x /usr/bin/chromium ] || die 'there is no /usr/bin/chromium, install the Debian package chromium'
directory=$(mktemp --directory)
trap clean_up EXIT

axe=axe-core-$axe_version.tgz
curl --silent --show-error --fail --retry 3 --output "$directory/$axe" "https://registry.npmjs.org/axe-core/-/$axe" ||
  die 'axe-core cannot be fetched from npm'
echo "$axe_sha256  $directory/$axe" | sha256sum --check --quiet || die "$axe is not the one that is known"
tar --extract --gzip --file "$directory/$axe" --directory "$directory" package/axe.min.js

./mvnw -q -f $here/pom.xml org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath \
  -Dmdep.outputFile="$directory/classpath" || die 'no class path of the PostgreSQL server'
classpath=$lib:$(cat "$directory/classpath")

"${bin}javac" -Xlint:all,-try -Werror -proc:none -d "$directory/classes" -cp "$classpath" .ci/browser/*.java $here/*.java
said=$("${bin}keytool" -genkeypair -keystore "$directory/https.p12" -storepass password -alias site -keyalg EC \
  -groupname secp256r1 -dname CN=account.example.org 2>&1) || die "keytool: $said"
echo '127.0.0.1 localhost account.example.org' >"$directory/hosts"
rm -rf $pages
# behind the shell, which therefore hears of Ctrl-C at once
"${bin}java" -XX:TieredStopAtLevel=1 -Djdk.net.hosts.file="$directory/hosts" -Djdk.httpclient.allowRestrictedHeaders=host,origin \
  "-Du2f.classpath=$lib" -cp "$directory/classes:$classpath" Web "$directory" $pages "$directory/package/axe.min.js" "$directory/https.p12" password &
java=$!
wait "$java"
