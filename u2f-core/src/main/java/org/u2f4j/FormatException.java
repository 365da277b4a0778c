package org.u2f4j;

import java.io.IOException;

/**
 * Bytes or text that do not parse.
 *
 * <p>The message says what was expected, what came, and where. It never holds a whole key handle, a
 * challenge or a key. Every decoder of this library throws this exception for input that it cannot
 * read, and no other. What can be read and holds an error code, or asks for what no U2F key does, is
 * an {@link org.u2f4j.json.ErrorCodeException} in those that declare it: {@code RegisterResponse},
 * {@code SignResponse}, {@code CreationOptions} and {@code RequestOptions}.
 */
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1;

  /** Where in the input the trouble is, in bytes or characters from its start; -1 if unknown. */
  private final int offset;

  /**
   * A failure at a known place.
   *
   * @param message what was expected and what came; " at offset N" is appended
   * @param offset bytes (or, in text, characters) from the start of the input
   */
  public FormatException(String message, int offset) {
    super(message + " at offset " + offset);
    this.offset = offset;
  }

  /**
   * A failure that belongs to no single place.
   *
   * @param message what was expected and what came
   */
  public FormatException(String message) {
    super(message);
    this.offset = -1;
  }

  private FormatException(String part, FormatException cause) {
    super(part + ": " + cause.getMessage(), cause);
    this.offset = cause.offset;
  }

  /**
   * The same failure, told from further out.
   *
   * @param part the part of a greater input that this input is
   * @return a failure whose message begins with the part; the offset stays that within the part
   */
  public FormatException in(String part) {
    return new FormatException(part, this);
  }

  /**
   * Where in the input the trouble is.
   *
   * @return bytes (or, in text, characters) from the start of the input, or -1 if it has no single
   *     place
   */
  public int offset() {
    return offset;
  }
}
