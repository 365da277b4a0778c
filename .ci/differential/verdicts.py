"""Compares the verdicts of the relying parties: ours, then the others'. Ends with 1 if ours stands alone unexplained."""
import sys
from collections import Counter

# Changes that this library refuses though most others let them pass, and why that is meant.
EXPLAINED = {
    "base64 with a foreign character": "the alphabet is RFC 4648's, section 5; other decoders skip the rest",
    "base64 with a line break": "the alphabet is RFC 4648's, section 5; other decoders skip the rest",
    "base64 with unused bits": "one byte string, one text: the bits that no byte needs are zero",
    "client data with text behind": "what is signed is one JSON object and nothing else",
    "client data with two origins, the right one last": "which of the two counts is anybody's guess",
    "client data with two origins, the right one first": "which of the two counts is anybody's guess",
    "public key at infinity": "not a point on the curve; the others never look at the new key",
    "public key in hybrid form": "the specification has 04, uncompressed",
    "public key off the curve": "not a point on the curve; the others never look at the new key",
    "response with text behind": "a response is one JSON object and nothing else",
    "signature with a long length": "DER has one form, the shortest",
}
# The same for changes at random, by our reason.
EXPLAINED_REASONS = {
    "MALFORMED_CERTIFICATE": "unused bits in a certificate that is not one of the six known ones, or names that are none",
}
# Changes that this library lets pass though most others refuse.
ALLOWED = {
    "user presence 03": "bits 1 to 7 are reserved: signed as received, not refused",
    "user presence 81": "bits 1 to 7 are reserved: signed as received, not refused",
}


def read(path):
    with open(path, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    return {row[0]: (row[1], row[2]) for row in rows}


def main(paths):
    judges = [read(path) for path in paths]
    ours, others = judges[0], judges[1:]
    if len(ours) < 2000 or any(other.keys() != ours.keys() for other in others):
        sys.exit("the judges saw %s lines: 2,000 at least and the same are expected" % [len(j) for j in judges])
    agreed, alone, unexplained = Counter(), Counter(), []
    for key, (verdict, reason) in ours.items():
        change = key.split(" ", 1)[1]
        accepting = sum(other[key][0] == "accept" for other in others)
        majority = "accept" if 2 * accepting > len(others) else "reject"
        if verdict == majority:
            agreed[verdict, accepting in (0, len(others))] += 1
            continue
        table = ALLOWED if verdict == "accept" else EXPLAINED
        why = table.get(change) or (verdict == "reject" and EXPLAINED_REASONS.get(reason))
        if why:
            alone[verdict, why] += 1
        else:
            unexplained.append((key, verdict, reason))
    unanimous = sum(n for (_, all_of_them), n in agreed.items() if all_of_them)
    print("%d lines: as all others %d, as most others %d, alone %d"
          % (len(ours), unanimous, sum(agreed.values()) - unanimous, sum(alone.values()) + len(unexplained)))
    for (verdict, why), n in sorted(alone.items()):
        print("  alone to %s %3d: %s" % (verdict, n, why))
    for row in unexplained[:20]:
        print("  unexplained: %s: %s %s" % row)
    at_random = sum(n for (_, why), n in alone.items() if why in EXPLAINED_REASONS.values())
    if 100 * at_random > len(ours):
        sys.exit("%d certificates refused alone are too many to be odd ones" % at_random)
    accepted = sum(verdict == "accept" for verdict, _ in ours.values())
    if unexplained or accepted < 400:
        sys.exit("%d unexplained, %d accepted" % (len(unexplained), accepted))


main(sys.argv[1:])
