"""Has python-fido2 sign with the one key that is here, and says how long that took. The argument is how many times."""

import hashlib
import os
import sys
import time

from fido2.ctap1 import ApduError, Ctap1
from fido2.hid import CtapHidDevice

COUNT = int(sys.argv[1])
APPLICATION = hashlib.sha256(b"example.com").digest()


def sign(client, handle):
    """Asks whether the key has the registration, then has it sign."""
    challenge = os.urandom(32)
    try:
        client.authenticate(challenge, APPLICATION, handle, True)
    except ApduError as error:
        assert error.code == 0x6985, "the key has it"
    client.authenticate(challenge, APPLICATION, handle)


(device,) = CtapHidDevice.list_devices()
ctap = Ctap1(device)
key_handle = ctap.register(os.urandom(32), APPLICATION).key_handle
for _ in range(COUNT):
    sign(ctap, key_handle)
start = time.monotonic()
for _ in range(COUNT):
    sign(ctap, key_handle)
print(f"python-fido2 {(time.monotonic() - start) * 1000 / COUNT:.3f} ms", flush=True)
