package org.u2f4j.verifier;

/**
 * A {@link RegistrationStore} cannot do its work: nothing may be accepted. Whether a change was
 * stored is unknown if the connection broke while it was made. The message holds no secret and no
 * whole key handle; that of the cause is the database driver's, and may quote a row.
 */
public final class RegistrationStoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * A failure that the store found.
   *
   * @param message what was to be done and what is in the way
   */
  public RegistrationStoreException(String message) {
    super(message);
  }

  /**
   * A failure that another one led to.
   *
   * @param message what was to be done and what is in the way
   * @param cause the other failure
   */
  public RegistrationStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
