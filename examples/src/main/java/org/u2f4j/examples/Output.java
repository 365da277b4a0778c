package org.u2f4j.examples;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Standard output that remembers why it could not be written, as PrintStream does not. */
final class Output extends OutputStream {
  private final byte[] one = new byte[1];
  private final OutputStream inner =
      new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 8192);
  private @Nullable IOException problem;

  /** Why it could not be written; null if it could. */
  @Nullable
  IOException problem() {
    return problem;
  }

  @Override
  public void write(int b) throws IOException {
    one[0] = (byte) b;
    write(one, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      inner.write(bytes, from, length);
    } catch (IOException e) {
      problem = e;
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      inner.flush();
    } catch (IOException e) {
      problem = e;
      throw e;
    }
  }
}
