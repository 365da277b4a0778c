"""Judges the lines that Mutants prints with python-fido2; what that leaves to its caller is done here."""
import json
import sys
from hashlib import sha256

from fido2.client import ClientData
from fido2.ctap1 import RegistrationData, SignatureData
from fido2.utils import websafe_decode


def judge(kind, challenge, app_id, origin, key_handle, public_key, response):
    response = json.loads(response)
    client_data = ClientData(websafe_decode(response["clientData"]))
    registers = kind == "registration"
    typ = "navigator.id." + ("finishEnrollment" if registers else "getAssertion")
    if client_data.get("typ") != typ:
        raise ValueError("type")
    if client_data.challenge != websafe_decode(challenge):
        raise ValueError("challenge")
    if client_data.get("origin") != origin:
        raise ValueError("origin")
    app_param = sha256(app_id.encode()).digest()
    if registers:
        data = RegistrationData(websafe_decode(response["registrationData"]))
        data.verify(app_param, client_data.hash)
    else:
        if response["keyHandle"] != key_handle:
            raise ValueError("key handle")
        data = SignatureData(websafe_decode(response["signatureData"]))
        if not data.user_presence & 1:
            raise ValueError("user presence")
        data.verify(app_param, client_data.hash, bytes.fromhex(public_key))


for line in sys.stdin:
    number, *fields = line.rstrip("\n").split("\t")
    try:
        judge(*fields)
        print(number, "accept", "", sep="\t")
    except Exception as e:  # whatever a library throws refuses
        print(number, "reject", type(e).__name__ + " " + " ".join(str(e).split()), sep="\t")
