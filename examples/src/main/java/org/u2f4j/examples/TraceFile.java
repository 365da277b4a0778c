package org.u2f4j.examples;

import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.u2f4j.apdu.Transport;
import org.u2f4j.hid.HidConnection;
import org.u2f4j.hid.PacketTrace;
import org.u2f4j.hid.PacketTrace.Detail;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * What {@code --trace FILE} writes. Of several keys each has a file of its own, FILE, FILE.2 and so
 * on, in the order in which they were opened: a replay is of one key.
 */
final class TraceFile implements Closeable {
  private static final String OPTION = "--trace";
  private static final String BYTES = "--trace-bytes";

  /** How the trace of a software key begins. */
  static final String SOFT = "# u2f4j trace of a software key: commands and answers, no packets";

  private final @Nullable Path path;
  private final Detail detail;
  private final List<Writer> files = new ArrayList<>();
  private int keys;

  private TraceFile(@Nullable Path path, Detail detail) {
    this.path = path;
    this.detail = detail;
  }

  static void addOptions(CommandSpec spec) {
    spec.addOption(Command.option(
            Path.class,
            "FILE",
            "Write to FILE what passes between u2f and the key, without key handles, challenges"
                + " and signatures. With several keys, the others' go to FILE.2, FILE.3 and so on.",
            OPTION)
        .build());
    spec.addOption(Command.flag(
            "Write all bytes of a key on USB too, for \"u2f replay FILE\". Keep such a FILE"
                + " private.",
            BYTES)
        .build());
  }

  /** The file is made at once, so that a wrong name is told before anybody touches a key. */
  static TraceFile of(ParseResult options) throws Failure {
    @Nullable Path path = options.matchedOptionValue(OPTION, null);
    boolean bytes = Command.has(options, BYTES);
    if (bytes && path == null) {
      throw new Failure(Exit.USAGE, BYTES + " goes with " + OPTION + " FILE");
    }
    if (bytes && options.hasMatchedOption("--soft")) {
      throw new Failure(
          Exit.USAGE,
          BYTES + " is for keys on USB: a software key sends no packets, so there are no bytes to"
              + " write; leave it out");
    }
    TraceFile trace = new TraceFile(path, bytes ? Detail.BYTES : Detail.REDACTED);
    if (path != null) {
      try {
        trace.files.add(create(path));
      } catch (IOException e) {
        throw new Failure(
            Exit.ITSELF,
            "the trace %s cannot be written: %s".formatted(path, Terminal.reason(e)),
            e);
      }
    }
    return trace;
  }

  /** Only its owner can read it, unless it was there and is no file. */
  private static Writer create(Path path) throws IOException {
    if (Files.isRegularFile(path) && StateFile.posix(path)) {
      Files.setPosixFilePermissions(path, StateFile.OWNER_ONLY);
    }
    Set<OpenOption> how = Files.exists(path)
        ? Set.of(StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
        : Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    return Channels.newWriter(
        FileChannel.open(path, how, StateFile.ownerOnly(path)), StandardCharsets.UTF_8);
  }

  /** What traces a key on USB; its file is made when it is connected to. */
  OfKey ofKey() {
    return new OfKey();
  }

  /** A key on USB. A connection to it takes the place of the one before, which has failed. */
  final class OfKey {
    private int number;

    private OfKey() {}

    /** The same connection, traced packet by packet and message by message. */
    HidConnection of(HidConnection connection) throws IOException {
      if (path == null) {
        return connection;
      }
      try {
        return new PacketTrace(connection, writer(path), Trace.formatter(), detail);
      } catch (IOException e) {
        connection.close();
        throw e;
      }
    }

    private Writer writer(Path first) throws IOException {
      synchronized (files) {
        if (number == 0) {
          number = ++keys;
          if (number == 1) {
            return files.get(0);
          }
        }
        Path own = number == 1 ? first : first.resolveSibling(first.getFileName() + "." + number);
        Writer made = create(own);
        files.add(made);
        return made;
      }
    }
  }

  /** A key that is no device, traced command by command. */
  Transport of(Transport key) {
    if (path == null) {
      return key;
    }
    Writer out = files.get(0);
    Consumer<String> lines = line -> {
      try {
        out.append(line).append('\n').flush();
      } catch (IOException e) {
        // told when it is closed
      }
    };
    lines.accept(SOFT);
    return Trace.of(key, lines);
  }

  @Override
  public void close() throws IOException {
    synchronized (files) {
      for (Writer file : files) {
        file.close();
      }
    }
  }
}
