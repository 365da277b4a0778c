import java.util.HashMap;
import java.util.Map;

/** Why this library stands alone with its verdict, where that is meant: by change, and by what it says itself. */
final class Explained {
  static final String ACCEPTED = "ACCEPTED";

  private static final Map<String, Map<String, String>> REASONS = new HashMap<>();

  static {
    say(
        "MALFORMED",
        "CBOR has one form here (CTAP2's canonical one): shortest, of definite length, no tags",
        "COSE key in a longer form",
        "COSE key of indefinite length",
        "COSE key with a label in a longer form",
        "COSE key with a tag",
        "COSE key with alg in a longer form",
        "COSE key with x in pieces",
        "attestation object in a longer form",
        "attestation object of indefinite length",
        "attestation object with a name in a longer form",
        "attestation object with a tag",
        "attestation object with authData in pieces",
        "extensions in a longer form",
        "extensions of indefinite length",
        "statement in a longer form",
        "statement of indefinite length",
        "x5c of indefinite length");
    say(
        "MALFORMED",
        "which of two members counts is anybody's guess",
        "attestation object with fmt twice",
        "statement with a member twice",
        "JSON with a member twice",
        "two origins, the right one last");
    say(
        "MALFORMED",
        "only the members that the specification has: the others skip the rest",
        "COSE key with a key id",
        "COSE key with a member named by text",
        "COSE key with an unknown member",
        "COSE key with key operations",
        "attestation object with a number for a name",
        "attestation object with an unknown member",
        "statement with ECDAA",
        "statement with an unknown member");
    say(
        "MALFORMED",
        "a coordinate has 32 bytes and the point is on the curve: the others take it where no signature is checked with it",
        "COSE key at zero",
        "COSE key off the curve",
        "COSE key with x of 33 bytes");
    say(
        "MALFORMED",
        "what is stored is the credential that the key made: the others do not compare the two",
        "another credential id than answered");
    say(
        "MALFORMED",
        "no signature of a U2F key covers more than 255 bytes of key handle: its message has one byte for the length",
        "credential id of 256 bytes",
        "credential id of 1023 bytes");
    say("MALFORMED", "depth is limited to 8; CTAP2 has 4", "extensions nested 20 deep");
    say("MALFORMED", "true or false, nothing that a parser makes of it", "crossOrigin a text");
    say(
        "MALFORMED",
        "a bit of what is not signed: not on the curve, another id, no UTF-8, no shortest form",
        "a bit of the authenticator data",
        "attestation object with a bit flipped");
    say(
        "MALFORMED",
        "signed, but not on the curve, another id, or no shortest form",
        "a bit of the authenticator data, signed");
    say(
        "WRONG_CHALLENGE",
        "the challenge is compared as text: browsers do not pad",
        "padded challenge");
    say(
        "WRONG_APP_ID",
        "a registration is bound to the AppID it was made for; the others take an RP ID as well",
        "registered with U2F, answered as if with WebAuthn",
        "registered with U2F, appid claimed but not used");
    say(
        "WRONG_ALGORITHM",
        "an algorithm that is named is checked, though fido-u2f has no such member",
        "statement with alg -257");
    say("MALFORMED_CERTIFICATE", "a certificate and nothing else", "byte behind the certificate");
    say(
        "MALFORMED_CERTIFICATE",
        "a certificate is read whole: the others find no text that is not UTF-8 and no type that does not exist",
        "a bit of the certificate",
        "attestation object with a bit flipped");
    say(
        ACCEPTED,
        "here any certificate will do; where a root has to vouch for it, its two names of an algorithm have to agree",
        "a bit of the certificate",
        "attestation object with a bit flipped");
    say(
        "MALFORMED",
        "a chain has at most 4 certificates; real keys send one to three",
        "five certificates");
    say(
        ACCEPTED,
        "token binding left WebAuthn with level 3: the member is not read",
        "token binding, malformed");
  }

  private Explained() {}

  private static void say(String verdict, String why, String... changes) {
    for (String change : changes) {
      REASONS.computeIfAbsent(change, name -> new HashMap<>()).put(verdict, why);
    }
  }

  /** Null if nobody meant it. */
  static String why(String change, String verdict) {
    return REASONS.getOrDefault(change, Map.of()).get(verdict);
  }
}
