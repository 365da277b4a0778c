package org.u2f4j.examples;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.u2f4j.apdu.Transport;
import org.u2f4j.hid.HidConnection;
import org.u2f4j.hid.HidKey;
import org.u2f4j.hid.PacketTrace;
import org.u2f4j.hid.PacketTrace.Detail;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * What {@code --trace FILE} writes. Of several keys each has a file of its own, FILE, FILE.2 and so
 * on, in the order in which they were opened: a replay is of one key. Only FILE is overwritten.
 */
final class TraceFile implements Closeable {
  private static final String OPTION = "--trace";
  private static final String BYTES = "--trace-bytes";

  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);

  /** How the trace of a software key begins. */
  static final String SOFT = "# u2f4j trace of a software key: commands and answers, no packets";

  private final @Nullable Path path;
  private final Detail detail;
  private final List<Writer> files = new ArrayList<>();

  // these are guarded by files
  private final Map<HidKey, Integer> numbers = new HashMap<>();
  private final Map<HidKey, Writer> written = new HashMap<>();
  private final Set<HidKey> kept = new HashSet<>();

  private TraceFile(@Nullable Path path, Detail detail) {
    this.path = path;
    this.detail = detail;
  }

  static void addOptions(CommandSpec spec) {
    spec.addOption(Command.option(
            Path.class,
            "FILE",
            "Write to FILE what passes between u2f and the key, without key handles, challenges"
                + " and signatures. With several keys, the others' go to FILE.2, FILE.3 and so on,"
                + " which must not be there yet.",
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
    StateFile.requireFolder(path);
    if (Files.isRegularFile(path) && StateFile.posix(path)) {
      Files.setPosixFilePermissions(path, StateFile.OWNER_ONLY);
    }
    Set<OpenOption> how = Files.exists(path)
        ? Set.of(StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
        : NEW;
    return open(path, how);
  }

  /** Not a channel, which would close for all keys when one of them is interrupted as it writes. */
  private static Writer open(Path path, Set<OpenOption> how) throws IOException {
    if (!Files.exists(path) || Files.isRegularFile(path)) {
      FileChannel.open(path, how, StateFile.ownerOnly(path)).close();
    }
    return new OutputStreamWriter(
        new FileOutputStream(path.toFile(), true), StandardCharsets.UTF_8);
  }

  /**
   * The same connection to a key on USB, traced packet by packet and message by message. It takes the
   * place of the one before, which has failed, or is written below it once that was to be {@link
   * #keep kept}.
   *
   * @throws IOException if there is no file for it; the connection is left open
   */
  HidConnection of(HidKey key, HidConnection connection) throws IOException {
    if (path == null) {
      return connection;
    }
    synchronized (files) {
      return new PacketTrace(connection, writer(key, path), Trace.formatter(), detail);
    }
  }

  /** What was asked is answered: what is traced so far stays. */
  void keep() {
    synchronized (files) {
      kept.addAll(written.keySet());
    }
  }

  private Writer writer(HidKey key, Path first) throws IOException {
    Integer known = numbers.get(key);
    int number = known == null ? numbers.size() + 1 : known;
    numbers.put(key, number);
    Path own = number == 1 ? first : first.resolveSibling(first.getFileName() + "." + number);
    Writer before = written.get(key);
    if (before != null && kept.contains(key)) {
      return before;
    }
    Writer made;
    if (before == null && number == 1) {
      made = files.get(0);
    } else {
      made = before == null ? createNumbered(own) : create(own);
      files.add(made);
    }
    written.put(key, made);
    return made;
  }

  /** Nobody has named this one, so nothing that is there is overwritten. */
  private static Writer createNumbered(Path own) throws IOException {
    try {
      return open(own, NEW);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(
          "its trace would be written to %s, which is there already: move that away, or give %s"
                  .formatted(own, OPTION)
              + " another FILE",
          e);
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
