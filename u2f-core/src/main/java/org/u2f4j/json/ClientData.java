package org.u2f4j.json;

import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.FormatException;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.strictjson.JsonWriter;

/**
 * What the client adds to the challenge before a key signs it: a JSON object (FIDO U2F Raw Message
 * Formats, section 7).
 *
 * <p>Its hash is always taken over {@link #bytes()}, which are those that were received. The member
 * cid_pubkey and members that U2F does not know are ignored, though hashed with the rest.
 */
public final class ClientData {
  /** The type of client data in a registration. */
  public static final String REGISTER = "navigator.id.finishEnrollment";

  /** The type of client data in an authentication. */
  public static final String SIGN = "navigator.id.getAssertion";

  private final Bytes bytes;
  private final String type;
  private final String challenge;
  private final String origin;

  private ClientData(Bytes bytes, String type, String challenge, String origin) {
    this.bytes = bytes;
    this.type = type;
    this.challenge = challenge;
    this.origin = origin;
  }

  /**
   * Makes new client data.
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
    return new ClientData(Bytes.utf8(json), type, challenge, origin);
  }

  /**
   * Reads client data.
   *
   * @param bytes a JSON object in UTF-8 with the strings typ, challenge and origin
   * @return the client data, which keep these bytes
   * @throws FormatException if that is not what the bytes are
   */
  public static ClientData decode(Bytes bytes) throws FormatException {
    JsonObject json = JsonObject.parse(bytes);
    return new ClientData(
        bytes, json.string("typ"), json.string("challenge"), json.string("origin"));
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
   * @return {@link #REGISTER} or {@link #SIGN} if all is well; otherwise whatever was received
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
