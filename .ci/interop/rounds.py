"""Registers and signs in at u2f-server with the u2f command; writes what u2f-server accepted, a line per message.

Arguments: the u2f command, an empty directory for the software keys, the file to write.
A line is: registration APPID CLIENTDATA MESSAGE, or: authentication APPID CLIENTDATA MESSAGE PUBLICKEY, in hex.
"""

import base64
import json
import re
import subprocess
import sys

U2F, DIRECTORY, MESSAGES = sys.argv[1:]
ROUNDS = 12
KEYS = [
    # soft key, origin, AppID
    (f"{DIRECTORY}/key1", "https://example.com", "https://example.com"),
    (f"{DIRECTORY}/key2", "https://example.com", "https://example.com"),
    (f"{DIRECTORY}/key3", "https://example.com:8443", "https://example.com/u2f/app-id.json"),
    (f"{DIRECTORY}/key4", "https://login.example.org", "https://login.example.org/?a=1&b=2"),
]
ORIGIN, CHALLENGE, SIGNATURE, FORMAT = -5, -6, -7, -8  # u2f-server.h: u2fs_rc

shown = []  # the messages of the round, for a failure
signatures = dict.fromkeys((key[0] for key in KEYS), 0)  # how often each soft key has signed in
registrations = []
refused = 0


class Failed(Exception):
    pass


def u2f(verb, key, origin, request):
    """The JSON that the u2f command answers, and nothing but that."""
    command = [U2F, verb, "--soft", key, "--origin", origin]
    done = subprocess.run(command, input=request, capture_output=True, text=True, timeout=60)
    shown.append(f"{' '.join(command)}: {done.returncode}\n< {request}\n> {done.stdout}\n{done.stderr}")
    if verb == "sign":
        signatures[key] += 1
    if done.returncode != 0:
        raise Failed(f"u2f {verb} ended with {done.returncode}")
    response = json.loads(done.stdout)
    first = "registrationData" if verb == "register" else "keyHandle"
    other = "version" if verb == "register" else "signatureData"
    if response.keys() != {first, other, "clientData"} or "=" in done.stdout:
        raise Failed(f"u2f {verb} printed other members, or padded base64")
    return response


def server(key, action, answer, files, origin=None):
    """Lets u2f-server ask, answer() answer, and returns what u2f-server then says and its error code."""
    _, own, app_id = key
    command = ["stdbuf", "-oL", "u2f-server", "-a", action, "-o", origin or own, "-i", app_id]
    command += ["-k", files[0], "-p", files[1]]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    process = subprocess.Popen(command, **pipes, text=True)
    try:
        request = process.stdout.readline()
        shown.append(f"{' '.join(command)}\n> {request}")
        response = json.dumps(answer(request))
        said, _ = process.communicate(response, timeout=60)
    finally:
        process.kill()
    shown.append(f"u2f-server: {process.returncode}\n< {response}\n> {said}")
    code = re.search(r"\((-\d+)\)", said)
    if (process.returncode == 0) != (code is None):
        raise Failed("u2f-server's words and exit code disagree")
    return said, int(code[1]) if code else 0


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def flipped(response, member, index):
    """The response with one bit of one member turned."""
    data = bytearray(decode(response[member]))
    data[index] ^= 1
    return {**response, member: encode(data)}


def strangers(key):
    """What other soft keys have registered for the same AppID: the key has to pass them over."""
    return [{"version": "U2F_V2", "keyHandle": each["handle"]} for each in registrations
            if each["key"][2] == key[2] and each["key"] != key]


def register_request(form, key, request):
    """The request as u2f-server wrote it, as version 1.1 of the JavaScript API has it, or as version 1.0."""
    short = json.loads(request)
    element = {"version": short["version"], "challenge": short["challenge"]}
    return [
        request,
        json.dumps({"appId": short["appId"], "registerRequests": [element], "registeredKeys": strangers(key)}),
        json.dumps({"registerRequests": [short], "signRequests": []}),
    ][form]


def sign_request(form, key, request):
    """Likewise to sign in."""
    short = json.loads(request)
    own = {"version": short["version"], "keyHandle": short["keyHandle"], "transports": ["usb"]}
    full = {"appId": short["appId"], "challenge": short["challenge"], "registeredKeys": [*strangers(key), own]}
    return [request, json.dumps(full), json.dumps({"signRequests": [short]})][form]


def write(file, *fields):
    print(*(field.hex() if isinstance(field, bytes) else field for field in fields), file=file)


def accept(number, file):
    """A round: register, and sign in three times. The counter is the soft key's, so it has to count on."""
    key = KEYS[number % len(KEYS)]
    soft, origin, app_id = key
    files = (f"{DIRECTORY}/handle{number}", f"{DIRECTORY}/public-key{number}")
    last = {}

    def register(request):
        last["response"] = u2f("register", soft, origin, register_request(number // len(KEYS) % 3, key, request))
        return last["response"]

    said, code = server(key, "register", register, files)
    if code or said.strip() != "Registration successful":
        raise Failed("u2f-server refused a good registration")
    message = decode(last["response"]["registrationData"])
    with open(files[0], encoding="ascii") as handle, open(files[1], "rb") as public_key:
        stored = handle.read(), public_key.read()
    if stored != (encode(message[67:67 + message[66]]), message[1:66]):
        raise Failed("u2f-server stored another key handle or public key than the message has")
    registrations.append({"key": key, "handle": stored[0], "public_key": stored[1], "files": files, **last})
    write(file, "registration", app_id, decode(last["response"]["clientData"]), message)

    for sign_in in range(3):
        def sign(request):
            last["response"] = u2f("sign", soft, origin, sign_request(sign_in, key, request))
            return last["response"]

        said, code = server(key, "authenticate", sign, files)
        expected = f"Successful authentication, counter: {signatures[soft]}, user presence 1"
        if code or said.strip() != expected:
            raise Failed(f"sign-in {sign_in + 1}, instead of: {expected}")
        response = last["response"]
        client_data, message = decode(response["clientData"]), decode(response["signatureData"])
        write(file, "authentication", app_id, client_data, message, stored[1])


def refuse(name, code, *arguments, **options):
    """A round that u2f-server has to end with this error."""
    global refused
    shown.clear()
    said, got = server(*arguments, **options)
    if got != code:
        raise Failed(f"u2f-server has to refuse {name} with {code}, not with {got}")
    refused += 1


def refusals():
    one, other = registrations[0], registrations[1]
    key, files = one["key"], one["files"]
    scratch = (f"{DIRECTORY}/none", f"{DIRECTORY}/none")
    elsewhere = "https://example.net"

    def register(request):
        return u2f("register", key[0], key[1], request)

    def misdirected(request):
        return u2f("register", key[0], key[1], json.dumps({**json.loads(request), "appId": key[2] + "/"}))

    refuse("a registration for another challenge", CHALLENGE, key, "register", lambda _: one["response"], scratch)
    refuse("a registration from another origin", ORIGIN, key, "register", register, scratch, origin=elsewhere)
    refuse("a registration for another AppID", SIGNATURE, key, "register", misdirected, scratch)
    for part, index in (("signature", -1), ("key handle", 67), ("key handle's middle", 97)):
        refuse(f"a registration with a bit of the {part} turned", SIGNATURE, key, "register",
               lambda request: flipped(register(request), "registrationData", index), scratch)

    def swapped(request):
        response = register(request)
        message = decode(response["registrationData"])
        return {**response, "registrationData": encode(message[:1] + other["public_key"] + message[66:])}

    refuse("a registration with another public key", SIGNATURE, key, "register", swapped, scratch)

    last = {}

    def sign(request):
        last["response"] = u2f("sign", key[0], key[1], request)
        return last["response"]

    def stranger(request):
        return u2f("sign", other["key"][0], other["key"][1],
                   json.dumps({**json.loads(request), "keyHandle": other["handle"], "appId": other["key"][2]}))

    def sibling(request):
        handle = registrations[len(KEYS)]["handle"]
        return u2f("sign", key[0], key[1], json.dumps({**json.loads(request), "keyHandle": handle}))

    refuse("a sign-in from another origin", ORIGIN, key, "authenticate", sign, files, origin=elsewhere)
    refuse("a sign-in for another challenge", CHALLENGE, key, "authenticate", lambda _: last["response"], files)
    # u2f-server looks at the presence byte's lowest bit only, and takes the others as 0 when it verifies
    refuse("a sign-in without presence", FORMAT, key, "authenticate",
           lambda request: flipped(sign(request), "signatureData", 0), files)
    for part, index in (("signature", -1), ("counter", 4), ("counter's top", 1)):
        refuse(f"a sign-in with a bit of the {part} turned", SIGNATURE, key, "authenticate",
               lambda request: flipped(sign(request), "signatureData", index), files)
    refuse("a sign-in with another registration of the key", SIGNATURE, key, "authenticate", sibling, files)
    refuse("a sign-in with another key", SIGNATURE, key, "authenticate", stranger, files)


def main():
    name = "start"
    try:
        with open(MESSAGES, "w", encoding="ascii") as file:
            for number in range(ROUNDS):
                name = f"round {number + 1}, {KEYS[number % len(KEYS)][0]}"
                shown.clear()
                accept(number, file)
        name = "refusals"
        refusals()
    except (Failed, OSError, ValueError, LookupError, subprocess.TimeoutExpired) as failure:
        print(*shown, sep="\n", file=sys.stderr)
        sys.exit(f"{name}: {failure!r}")
    print(f"{len(registrations)} registrations and {sum(signatures.values())} signatures with {len(KEYS)} keys,"
          f" {refused} altered or foreign answers refused")


main()
