#!/usr/bin/env bash
# Tries the launcher of the u2f command as people use it, in a copy of this checkout, with the Java of JAVA_HOME and
# with the other JDKs that Debian keeps.
# packages: procps util-linux
set -euo pipefail
cd "$(dirname "$0")/.."
unset JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS # Java says that it takes them, where silence is expected

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
copy="$work/a check out"
u2f="$copy/examples/bin/u2f"
request='{"version":"U2F_V2","challenge":"AAECAwQFBgc","appId":"https://example.com"}'
client=(register --origin https://example.com --soft "$work/my.key")

step() { printf -- '--- %s\n' "$*"; }
wrong() {
  printf 'launcher: %s\n' "$*" >&2
  [ ! -f "$work/err" ] || sed 's/^/  stderr: /' "$work/err" >&2
  exit 1
}
# expect EXIT_CODE COMMAND...: runs it, out and err go to files
expect() {
  local expected=$1 actual=0
  shift
  "$@" >"$work/out" 2>"$work/err" || actual=$?
  [ "$actual" = "$expected" ] || wrong "exit code $actual, not $expected, of: $*"
}
silent() { [ ! -s "$work/err" ] || wrong "something on standard error: $*"; }
says() { grep -q -- "$1" "$work/$2" || wrong "standard $2 does not say \"$1\""; }

step 'a path with spaces: first use builds, and says so'
mkdir "$copy"
git ls-files -z --cached --others --exclude-standard | tar --null -T - -cf - | tar -xf - -C "$copy"
time expect 0 "$u2f" --version
says building err
says '^u2f [0-9]' out

step 'second use says nothing else'
expect 0 "$u2f" --version
silent second use
expect 0 "$u2f" demo
silent demo

step 'two terminals at once: one builds, both work'
rm -rf "$copy/examples/target"
"$u2f" --version >"$work/out1" 2>"$work/err1" &
first=$!
until [ -L "$copy/examples/target/u2f/lock" ]; do sleep 0.1; done
expect 0 "$u2f" --version
wait "$first"
says 'waiting for a build' err
[ "$(cat "$work/err1" "$work/err" | grep -c building)" = 1 ] || wrong 'not exactly one build'
cmp "$work/out" "$work/out1"

step 'the lock of a build that was killed'
mv "$copy/mvnw" "$copy/mvnw.away"
printf '#!/bin/sh\necho begin >>builds; sleep 2; echo end >>builds\n' >"$copy/mvnw"
chmod +x "$copy/mvnw"
sleep 0 &
gone=$!
wait "$gone"
# the second one was left before a reboot; its process id is in use again
for left in "$gone@$(cat /proc/sys/kernel/random/boot_id)" 1@another-boot; do
  rm "$copy/examples/target/u2f/built"
  ln -s "$left" "$copy/examples/target/u2f/lock"
  expect 0 timeout 60 "$u2f" --version
  says building err
  ! grep -q waiting "$work/err" || wrong "waited for $left"
  [ ! -L "$copy/examples/target/u2f/lock" ] || wrong 'the lock is still there'
done

step 'kill -9 of the launcher leaves its Maven running: the next one waits for that'
rm "$copy/examples/target/u2f/built"
"$u2f" --version 2>/dev/null &
killed=$!
until [[ $(readlink "$copy/examples/target/u2f/lock") = *+* ]]; do sleep 0.05; done
kill -9 "$killed"
wait "$killed" || true
expect 0 "$u2f" --version
says 'waiting for a build.*; if no build is running, remove /' err
[ "$(uniq -d "$copy/builds")" = '' ] || wrong 'two builds at once'
mv "$copy/mvnw.away" "$copy/mvnw"

step 'a path with a colon'
mkdir -p "$work/a:b/examples"
cp -R "$copy/examples/bin" "$work/a:b/examples/"
expect 5 "$work/a:b/examples/bin/u2f" --version
says 'cannot use a path with a colon' err
[ "$(wc -l <"$work/err")" = 1 ] || wrong 'more than a sentence'

step 'a build that fails is not taken for one'
touch "$copy/pom.xml"
mv "$copy/mvnw" "$copy/mvnw.away"
expect 5 "$u2f" --version
says 'the build failed' err
mv "$copy/mvnw.away" "$copy/mvnw"
expect 0 "$u2f" --version
says building err

step 'a symbolic link to a symbolic link, from another directory'
mkdir "$work/bin"
ln -s "$u2f" "$work/bin/one"
ln -s one "$work/bin/u2f"
(cd / && PATH="$work/bin:$PATH" expect 0 u2f --version)
silent symbolic link

step 'archives that are of no use'
archive=$(find "$copy/examples/target/u2f" -name '*.jsa')
chmod u+w "$archive"
cd "$work"
truncate -s 1000000 "$archive"
expect 0 "$u2f" --version
says preparing err
expect 0 "$u2f" --version
silent after a short archive
chmod u+w "$archive"
head -c 4000000 /dev/zero | dd of="$archive" bs=4096 seek=100 conv=notrunc status=none
"$u2f" --version >"$work/out" 2>"$work/err" || says 'Java crashed.*try again' err
expect 0 "$u2f" --version
! ls hs_err* 2>/dev/null || wrong 'Java wrote about its crash'
cd "$OLDPWD"
expect 0 "$u2f" --version
silent after a damaged archive

step 'options of Java in the environment, and no standard input'
expect 0 env JAVA_TOOL_OPTIONS=-XX:+UseParallelGC "$u2f" --version
! grep -q Error "$work/err" || wrong 'two garbage collectors'
expect 0 "$u2f" demo <&-

step 'Ctrl-C while waiting for a touch'
# a job in the background ignores SIGINT, unless job control is on
set -m
"$u2f" "${client[@]}" --touch no <<<"$request" >"$work/out" 2>"$work/err" &
waiting=$!
set +m
until grep -q 'Touch your key' "$work/err"; do sleep 0.1; done
kill -INT "$waiting"
code=0
wait "$waiting" || code=$?
[ "$code" = 130 ] || wrong "exit code $code after Ctrl-C"
[ "$(grep -vc preparing "$work/err")" = 1 ] || wrong 'more than the prompt after Ctrl-C'
[ ! -s "$work/out" ] || wrong 'something on standard output after Ctrl-C'

step 'time runs out'
expect 3 "$u2f" "${client[@]}" --touch no --timeout 1 <<<"$request"
says 'not touched in time' err

step 'register and sign'
expect 0 "$u2f" "${client[@]}" <<<"$request"
silent register
expect 1 "$u2f" sign --json --origin https://example.com --soft "$work/my.key" \
  <<<'{"version":"U2F_V2","challenge":"AAECAwQFBgc","appId":"https://example.com","keyHandle":"AAAA"}'
says '"errorCode":4' out

step 'both sides on one terminal, and results line by line'
site() { "$u2f" "serve-$1" start --state "$work/site" | "$u2f" "${@:2}" | "$u2f" "serve-$1" finish --state "$work/site"; }
expect 0 site register "${client[@]}"
silent serve-register
says '^Registered: ' out
expect 0 site sign sign --origin https://example.com --soft "$work/my.key"
says 'first, ' out
expect 4 "$u2f" verify - <<<'{}'
says '"line":1,"result":"reject"' out

step 'an account on a terminal: the password is not seen, and Enter cancels the wait for a key'
mkfifo "$work/typed"
on_terminal() { # arguments of u2f account; what is typed comes from &9
  local command
  printf -v command '%q ' "$u2f" account "$@" --data "$work/data"
  script -qefc "$command" /dev/null <"$work/typed" >"$work/out" &
  exec 9>"$work/typed"
}
type_after() { # words, what is then typed, and how often the words have to be there: once
  until [ "$(grep -c -- "$1" "$work/out")" -ge "${3:-1}" ]; do sleep 0.1; done
  printf '%s\r' "$2" >&9
}
: >"$work/out"
on_terminal create me@example.org
type_after 'New password' 'a horse'
type_after 'New password' 'correct horse battery' 2
type_after 'The same again' 'wrong horse battery'
type_after 'New password' 'correct horse battery' 3
type_after 'The same again' 'correct horse battery' 2
wait $! || wrong 'no account'
says 'Signed in as me@example.org' out
says 'Choose a password of 10' out
says 'The two passwords differ' out
! grep -q horse "$work/out" || wrong 'the password was seen'
expect 0 "$u2f" account add-key 'file key' --soft "$work/account.key" --data "$work/data"
says 'successfully registered' out
: >"$work/out"
on_terminal sign-in me@example.org --soft "$work/account.key" --touch no
type_after 'Password' 'correct horse battery'
type_after 'Touch your key' ''
type_after 'give up' '' # one Enter too many does no harm
type_after 'give up' q
code=0
wait $! || code=$?
exec 9>&-
[ "$code" = 1 ] || wrong "exit code $code after giving up"
says 'cancelled: the security key was not used' out

step 'a reader that goes away'
"$u2f" demo 2>"$work/err" | head -n 1 >/dev/null || true
silent '| head'

step 'no Java, and Java that is too old'
expect 5 env JAVA_HOME=/nowhere "$u2f" --version
says 'JAVA_HOME is /nowhere' err
mkdir -p "$work/old/bin"
printf '#!/bin/sh\n' >"$work/old/bin/java"
chmod +x "$work/old/bin/java"
echo 'JAVA_VERSION="1.8.0_402"' >"$work/old/release"
expect 5 env JAVA_HOME="$work/old" "$u2f" --version
says 'needs Java 17 or later' err

for jdk in /usr/lib/jvm/*/; do
  major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$jdk/release" 2>/dev/null) || continue
  if [ "$major" -gt 17 ] && [ ! -L "${jdk%/}" ]; then
    step "another JDK: $jdk"
    JAVA_HOME=${jdk%/} expect 0 "$u2f" --version
    for command in --version demo; do
      JAVA_HOME=${jdk%/} expect 0 "$u2f" "$command"
      silent "$command on Java $major"
    done
    JAVA_HOME=${jdk%/} "$u2f" keys >"$work/out" 2>"$work/err" || says '^u2f keys: ' err # there may be a key here
    ! grep -q WARNING "$work/err" || wrong 'Java warns of native code'
  fi
done

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
  other() { expect "$1" setpriv --reuid=65534 --regid=65534 --clear-groups env HOME="$home" XDG_CACHE_HOME= "${@:2}"; }
  chmod 755 "$work"
  step 'an installation that somebody else may only read'
  find "$copy" -name '*.jsa' -delete
  home="$work/home"
  mkdir "$home"
  chown 65534 "$home"
  other 0 "$u2f" --version
  says preparing err
  other 0 "$u2f" --version
  silent read-only installation
  ls "$home"/.cache/u2f4j/*.jsa
  [ "$(stat -c %a "$home/.cache/u2f4j")" = 700 ] || wrong 'others may look into the cache'
  step 'an archive that somebody else made'
  chown 1 "$home"/.cache/u2f4j/*.jsa
  other 0 "$u2f" --version
  says preparing err # its own, in place of that
  [ "$(stat -c %u "$home"/.cache/u2f4j/*.jsa)" = 65534 ] || wrong 'it is still there'
  chmod 777 "$home/.cache/u2f4j"
  loads() {
    other 0 env JAVA_TOOL_OPTIONS=-XX:+PrintCommandLineFlags "$u2f" --version
    grep -q SharedArchiveFile "$work/out"
  }
  ! loads || wrong 'it uses a directory in which everybody may write'
  chmod 700 "$home/.cache/u2f4j"
  loads || wrong 'it does not use its own archive'
  step 'a home that can only be read, too'
  rm -rf "$home"
  other 0 "$u2f" --version
  silent read-only home
  other 0 "$u2f" demo
  silent demo, read-only home
  step 'not built, and it cannot be'
  rm "$copy/examples/target/u2f/built"
  other 5 "$u2f" --version
  says 'not built yet' err
else
  step 'not root: read-only installation not tried'
fi

step 'all done'
