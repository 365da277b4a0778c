#!/usr/bin/env bash
# Lets the virtual key, this project's host side and independent programs meet on the HID buses of a real kernel, in a
# virtual machine, with one key and with several. Run from the root of a built clone.
# packages: qemu-system-x86 busybox-static kmod fido2-tools u2f-host u2f-server python3-fido2 util-linux udev chromium
set -euo pipefail

./mvnw -q -Preal-key -pl u2f-core,u2f-hid test-compile dependency:build-classpath -Dmdep.outputFile=target/it-classpath
mkdir -p u2f-hid/target/browser
.ci/browser.sh prepare u2f-hid/target/browser
status=0
u2f-hid/src/it/in-vm bash -c 'u2f-hid/src/it/job && u2f-hid/src/it/several-keys' || status=$?
if [ $status = 77 ]; then
  echo 'Skipped: see above'
  exit
fi
exit $status
