"""Lets python-fido2's client side talk to a software key; the arguments are the command that starts the key."""

import hashlib
import os
import subprocess
import sys

from fido2.ctap1 import ApduError, Ctap1

APPLICATION, OTHER = hashlib.sha256(b"https://example.com").digest(), hashlib.sha256(b"https://example.net").digest()
ROUNDS = 10


class Device:
    """What python-fido2 takes for a key on USB."""

    def __init__(self, command):
        self.key = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.exchanges = 0
        self.shown = []

    def call(self, _, data, *more):
        self.shown.append(data.hex())
        print(data.hex(), file=self.key.stdin, flush=True)
        self.shown.append(self.key.stdout.readline().strip())
        self.exchanges += 1
        return bytes.fromhex(self.shown[-1])


def status(call, *arguments):
    """The status word that a call ends with."""
    try:
        call(*arguments)
    except ApduError as error:
        return error.code
    return 0x9000


def talk(device):
    client = Ctap1(device)
    assert client.get_version() == "U2F_V2", "the version"
    for number in range(1, ROUNDS + 1):
        del device.shown[:]
        challenge = os.urandom(32)
        registration = client.register(challenge, APPLICATION)
        registration.verify(APPLICATION, challenge)
        handle = registration.key_handle
        authentication = client.authenticate(challenge, APPLICATION, handle)
        authentication.verify(APPLICATION, challenge, registration.public_key)
        assert (authentication.user_presence, authentication.counter) == (1, number), "presence and counter"
        check = lambda *message: status(client.authenticate, challenge, *message, True)
        assert check(APPLICATION, handle) == 0x6985, "a handle of the key"
        assert check(OTHER, handle) == 0x6A80, "the handle at another AppID"
        assert check(APPLICATION, handle[:-1] + bytes([handle[-1] ^ 1])) == 0x6A80, "an altered handle"
        assert check(APPLICATION, bytes(255)) == 0x6A80, "the longest handle"


device = Device(sys.argv[1:])
try:
    talk(device)
except Exception as failure:
    print(*device.shown, sep="\n", file=sys.stderr)
    sys.exit(f"python-fido2 as client, exchange {device.exchanges}: {failure!r}")
finally:
    device.key.stdin.close()
print(f"{device.exchanges} commands answered, {ROUNDS} registrations and {ROUNDS} authentications verified")
