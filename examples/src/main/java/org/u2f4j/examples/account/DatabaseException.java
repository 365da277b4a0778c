package org.u2f4j.examples.account;

/** The database cannot do its work: nothing was accepted, and nobody's input is to blame. */
public final class DatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DatabaseException(String message, Throwable cause) {
    super(message, cause);
  }
}
