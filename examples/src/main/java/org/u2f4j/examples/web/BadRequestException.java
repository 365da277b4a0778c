package org.u2f4j.examples.web;

/** A request that no page of ours makes; the message is the sentence for whoever sent it. */
final class BadRequestException extends Exception {
  private static final long serialVersionUID = 1;

  static final int BAD_REQUEST = 400;
  static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;
  static final int METHOD_NOT_ALLOWED = 405;
  static final int TOO_LARGE = 413;
  static final int UNSUPPORTED_TYPE = 415;
  static final int MISDIRECTED = 421;

  /** The status of HTTP, 400 to 499. */
  final int status;

  /** Of a method that is not allowed, those that are; empty otherwise. */
  final String allowed;

  BadRequestException(int status, String sentence) {
    this(status, sentence, "");
  }

  BadRequestException(int status, String sentence, String allowed) {
    super(sentence);
    this.status = status;
    this.allowed = allowed;
  }
}
