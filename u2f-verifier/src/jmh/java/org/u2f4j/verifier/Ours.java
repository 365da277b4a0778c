package org.u2f4j.verifier;

import java.util.List;

/** This library. */
final class Ours implements Candidate {
  Ours(String engine) {
    throw new UnsupportedOperationException(engine);
  }

  @Override
  public Check authentication(List<Message> messages) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Check registration(List<Message> messages) {
    throw new UnsupportedOperationException();
  }
}
