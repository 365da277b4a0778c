package org.u2f4j.json;

import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.FormatException;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.strictjson.JsonWriter;

/**
 * What the client adds to the challenge before a key signs it: a JSON object (FIDO U2F Raw Message
 * Formats, section 7; Web Authentication, section 5.8.1). U2F calls its type "typ", WebAuthn "type";
 * a decoder reads one of them, so that nothing made for one is taken for the other.
 *
 * <p>Its hash is always taken over {@link #bytes()}, which are those that were received. The member
 * cid_pubkey and other members that are not read are ignored, though hashed with the rest.
 */
public final class ClientData {
  /** The type of client data in a registration. */
  public static final String REGISTER = "navigator.id.finishEnrollment";

  /** The type of client data in an authentication. */
  public static final String SIGN = "navigator.id.getAssertion";

  /** The type of client data in a registration of WebAuthn. */
  public static final String CREATE = "webauthn.create";

  /** The type of client data in an authentication of WebAuthn. */
  public static final String GET = "webauthn.get";

  private final Bytes bytes;
  private final String type;
  private final String challenge;
  private final String origin;
  private final boolean crossOrigin;
  private final @Nullable String topOrigin;

  private ClientData(
      Bytes bytes,
      String type,
      String challenge,
      String origin,
      boolean crossOrigin,
      @Nullable String topOrigin) {
    this.bytes = bytes;
    this.type = type;
    this.challenge = challenge;
    this.origin = origin;
    this.crossOrigin = crossOrigin;
    this.topOrigin = topOrigin;
  }

  /**
   * Makes new client data of U2F.
   *
   * @param type {@link #REGISTER} or {@link #SIGN}
   * @param challenge the challenge exactly as the request has it
   * @param origin the facet id of the caller, such as {@code https://example.com}
   * @return the client data
   */
  public static ClientData of(String type, String challenge, String origin) {
    String json = JsonWriter.object(out -> {
      out.writeStringField("typ", type);
      out.writeStringField("challenge", challenge);
      out.writeStringField("origin", origin);
    });
    return new ClientData(Bytes.utf8(json), type, challenge, origin, false, null);
  }

  /**
   * Makes new client data of WebAuthn, for a program that is no page within another one.
   *
   * @param type {@link #CREATE} or {@link #GET}
   * @param challenge the challenge exactly as the options have it
   * @param origin the origin of the caller, such as {@code https://example.com}
   * @return the client data, with the members in the order that browsers write
   */
  public static ClientData ofWebAuthn(String type, String challenge, String origin) {
    String json = JsonWriter.object(out -> {
      out.writeStringField("type", type);
      out.writeStringField("challenge", challenge);
      out.writeStringField("origin", origin);
      out.writeBooleanField("crossOrigin", false);
    });
    return new ClientData(Bytes.utf8(json), type, challenge, origin, false, null);
  }

  /**
   * Reads client data of U2F.
   *
   * @param bytes a JSON object in UTF-8 with the strings typ, challenge and origin
   * @return the client data, which keep these bytes
   * @throws FormatException if that is not what the bytes are
   */
  public static ClientData decode(Bytes bytes) throws FormatException {
    JsonObject json = JsonObject.parse(bytes);
    return new ClientData(
        bytes, json.string("typ"), json.string("challenge"), json.string("origin"), false, null);
  }

  /**
   * Reads client data of WebAuthn.
   *
   * @param bytes a JSON object in UTF-8 with the strings type, challenge and origin, perhaps with
   *     crossOrigin, true or false, and the string topOrigin
   * @return the client data, which keep these bytes
   * @throws FormatException if that is not what the bytes are
   */
  public static ClientData decodeWebAuthn(Bytes bytes) throws FormatException {
    JsonObject json = JsonObject.parse(bytes);
    return new ClientData(
        bytes,
        json.string("type"),
        json.string("challenge"),
        json.string("origin"),
        Boolean.TRUE.equals(json.optionalBoolean("crossOrigin")),
        json.optionalString("topOrigin"));
  }

  /**
   * The client data as received or made.
   *
   * @return JSON in UTF-8
   */
  public Bytes bytes() {
    return bytes;
  }

  /**
   * What it was made for.
   *
   * @return one of the four constants if all is well; otherwise whatever was received
   */
  public String type() {
    return type;
  }

  /**
   * The challenge.
   *
   * @return the text, as it stands in the JSON
   */
  public String challenge() {
    return challenge;
  }

  /**
   * Who asked.
   *
   * @return the facet id, as it stands in the JSON
   */
  public String origin() {
    return origin;
  }

  /**
   * Whether a page asked that stands in a frame of another origin's page. Old browsers do not say.
   *
   * @return true if the client data of WebAuthn say so
   */
  public boolean crossOrigin() {
    return crossOrigin;
  }

  /**
   * Whose page the person sees in the address bar, if it is not the asking one.
   *
   * @return the origin; null if the client data do not say, as those of U2F
   */
  public @Nullable String topOrigin() {
    return topOrigin;
  }

  /**
   * What a key is told in place of the client data.
   *
   * @return SHA-256 of {@link #bytes()}
   */
  public ChallengeParameter challengeParameter() {
    return ChallengeParameter.of(bytes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ClientData that && bytes.equals(that.bytes);
  }

  @Override
  public int hashCode() {
    return bytes.hashCode();
  }

  /** Type and origin; the challenge stays hidden. */
  @Override
  public String toString() {
    return type + " from " + origin;
  }
}
