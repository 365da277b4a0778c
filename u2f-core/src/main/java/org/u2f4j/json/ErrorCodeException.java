package org.u2f4j.json;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import org.jspecify.annotations.Nullable;
import org.u2f4j.strictjson.JsonWriter;

/** The client's answer is an error code (FIDO U2F JavaScript API, section 3). */
public final class ErrorCodeException extends Exception {
  private static final long serialVersionUID = 1;

  /** Why. */
  private final ErrorCode code;

  /**
   * An answer that is an error.
   *
   * @param code why, not {@link ErrorCode#OK}
   * @param message the same for people
   */
  public ErrorCodeException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /**
   * An answer that is an error, with what led to it.
   *
   * @param code why, not {@link ErrorCode#OK}
   * @param message the same for people
   * @param cause what led to it
   */
  public ErrorCodeException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    if (code == ErrorCode.OK) {
      throw new IllegalArgumentException("OK is no error");
    }
    this.code = code;
  }

  /**
   * Why.
   *
   * @return any code but {@link ErrorCode#OK}
   */
  public ErrorCode code() {
    return code;
  }

  /**
   * The answer as JSON.
   *
   * @return an object with errorCode and errorMessage
   */
  public String toJson() {
    return JsonWriter.object(json -> {
      // the message may quote the request, and be shown on a terminal
      json.enable(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature());
      json.writeNumberField("errorCode", code.value());
      json.writeStringField("errorMessage", getMessage());
    });
  }
}
