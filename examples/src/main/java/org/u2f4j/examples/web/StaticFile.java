package org.u2f4j.examples.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;

/** A file that pages refer to, the same for everybody. Browsers ask each time whether it has changed. */
final class StaticFile implements Routes.Handler {
  private final String type;
  private final byte[] content;
  private final String tag;

  StaticFile(String name, String type) {
    this.type = type;
    try (@Nullable InputStream in = StaticFile.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("not packaged: " + name);
      }
      this.content = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.tag = '"' + Bytes.of(content).sha256().base64Url() + '"';
  }

  @Override
  public Reply answer(Visit visit) {
    Reply reply = visit.knows(tag)
        ? new Reply(Reply.NOT_MODIFIED, "", new byte[0])
        : new Reply(Reply.OK, type, content);
    return reply.with("Cache-Control", "no-cache").with("ETag", tag);
  }
}
