"""Lets python-fido2's host side use the one key that is here. The argument is the name of the bus, to be printed."""

import hashlib
import os
import sys
import time

from fido2.ctap1 import ApduError, Ctap1
from fido2.hid import CAPABILITY, CtapHidDevice

BUS = sys.argv[1]
APPLICATION, OTHER = hashlib.sha256(b"https://example.com").digest(), hashlib.sha256(b"https://example.net").digest()
last = time.monotonic()


def say(what):
    """Prints what was just checked, and how long that took."""
    global last
    now = time.monotonic()
    print(f"{now - last:7.2f} s  {BUS}: python-fido2: {what}", flush=True)
    last = time.monotonic()


def status(call, *arguments):
    """The status word that a call ends with."""
    try:
        call(*arguments)
    except ApduError as error:
        return error.code
    return 0x9000


def talk():
    (device,) = CtapHidDevice.list_devices()
    assert device.version == 2, "the version of CTAPHID"
    assert not CAPABILITY.NMSG.supported(device.capabilities), "MSG"
    assert not CAPABILITY.CBOR.supported(device.capabilities), "no CBOR"
    say("INIT gives a channel, version 2 and the capabilities")
    for size in (1, 57, 58, 1024, 7609):
        message = os.urandom(size)
        assert device.ping(message) == message, f"ping of {size} bytes"
        say(f"PING of {size} bytes comes back")
    device.wink()
    say("WINK is answered")

    client = Ctap1(device)
    assert client.get_version() == "U2F_V2", "the version"
    say("VERSION is U2F_V2")
    challenge = os.urandom(32)
    registration = client.register(challenge, APPLICATION)
    registration.verify(APPLICATION, challenge)
    say("REGISTER verifies")
    authentication = client.authenticate(challenge, APPLICATION, registration.key_handle)
    authentication.verify(APPLICATION, challenge, registration.public_key)
    assert authentication.user_presence == 1, "presence"
    say("AUTHENTICATE verifies")
    assert status(client.authenticate, challenge, APPLICATION, registration.key_handle, True) == 0x6985, "check-only"
    assert status(client.authenticate, challenge, OTHER, registration.key_handle, True) == 0x6A80, "another AppID"
    say("check-only ends with 6985, and for another AppID with 6A80")


try:
    talk()
except Exception as failure:
    print(f"  {failure!r}")
    say("FAILED")
    sys.exit(1)
