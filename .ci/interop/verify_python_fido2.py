"""Verifies the messages that rounds.py and tester.pl wrote with python-fido2; reads them on standard input."""

import hashlib
import sys

from cryptography.exceptions import InvalidSignature
from fido2.attestation import InvalidSignature as InvalidAttestation
from fido2.ctap1 import RegistrationData, SignatureData

counts = {"registration": 0, "authentication": 0}
refused = 0


def verify(kind, app_id, client_data, message, *key):
    parsed = RegistrationData(message) if kind == "registration" else SignatureData(message)
    parsed.verify(hashlib.sha256(app_id.encode()).digest(), hashlib.sha256(client_data).digest(), *key)


def flip(data, index):
    return data[:index] + bytes([data[index] ^ 1]) + data[index + 1:]


for number, line in enumerate(sys.stdin, 1):
    kind, app_id, client_data, message, *key = line.split()
    client_data, message, *key = map(bytes.fromhex, (client_data, message, *key))
    inside = 67 if kind == "registration" else 4  # a byte of the key handle or the counter
    try:
        verify(kind, app_id, client_data, message, *key)
    except Exception as refusal:
        sys.exit(f"python-fido2, line {number}: refuses a good message: {refusal!r}\n{line}")
    counts[kind] += 1
    for altered in (
        (client_data, flip(message, len(message) - 1)),
        (client_data, flip(message, inside)),
        (flip(client_data, 9), message),
    ):
        try:
            verify(kind, app_id, *altered, *key)
        except (InvalidAttestation, InvalidSignature):
            refused += 1
        else:
            sys.exit(f"python-fido2, line {number}: accepts an altered message\n{line}")

print(f"{counts['registration']} registrations and {counts['authentication']} authentications verified,"
      f" {refused} altered ones refused")
