package org.u2f4j.soft;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;

/**
 * A software key in a file: the wrapping key and the counter.
 *
 * <p>The file is replaced as a whole, and forced to the disk, before a new counter value is used; a
 * lock on a second file, {@code NAME.lock}, keeps processes apart. Both are readable by their owner
 * alone.
 */
final class KeyFile implements Counter {
  private static final String FORMAT = "u2f4j software key 1";
  private static final int MAX_LENGTH = 4096;
  private static final Duration LOCK_RETRY = Duration.ofMillis(5);
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  /** One for each file in use: on POSIX, closing any channel to a file lets go of all its locks. */
  private static final Map<Path, Semaphore> THREADS = new ConcurrentHashMap<>();

  private record Content(Bytes wrappingKey, long counter) {
    /** Tells a damaged file: half a counter is a number, too. */
    String check() {
      return Bytes.utf8(wrappingKey.hex() + " " + counter).sha256().hex();
    }
  }

  private interface Work<T> {
    T run(Lock lock) throws IOException;
  }

  private final Path path;
  private final Bytes wrappingKey;

  private KeyFile(Path path, Bytes wrappingKey) {
    this.path = path;
    this.wrappingKey = wrappingKey;
  }

  /** Opens the file, or makes it with a new key if there is none. */
  static KeyFile open(Path given, Deadline deadline) throws IOException, InterruptedException {
    if (!Files.exists(given) && Files.isSymbolicLink(given)) {
      throw new IOException(given + " is a link to a file that does not exist");
    }
    if (Files.exists(given) && !Files.isRegularFile(given)) {
      throw new IOException(given + " is not a file");
    }
    Path path = Files.exists(given)
        ? given.toRealPath()
        : parent(given.toAbsolutePath()).toRealPath().resolve(given.getFileName());
    return locked(path, deadline, lock -> new KeyFile(path, lock.readOrCreate().wrappingKey()));
  }

  Bytes wrappingKey() {
    return wrappingKey;
  }

  @Override
  public long next(Deadline deadline) throws IOException, InterruptedException {
    return locked(path, deadline, lock -> {
      Content content = lock.read();
      if (!content.wrappingKey().equals(wrappingKey)) {
        throw new IOException(path + " holds another key than when it was opened; open it again");
      }
      if (content.counter() == MAX) {
        throw new IOException("the counter in " + path + " is at its end; make a new key");
      }
      long next = content.counter() + 1;
      lock.write(new Content(wrappingKey, next));
      return next;
    });
  }

  private static <T> T locked(Path path, Deadline deadline, Work<T> work)
      throws IOException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    Semaphore threads = THREADS.computeIfAbsent(path, any -> new Semaphore(1));
    while (!threads.tryAcquire()) {
      pause(path, deadline);
    }
    try (Lock lock = new Lock(path, deadline)) {
      return work.run(lock);
    } catch (ClosedByInterruptException e) {
      Thread.interrupted(); // the exception takes its place
      throw new InterruptedException("interrupted while using " + path);
    } finally {
      threads.release();
    }
  }

  private static void pause(Path path, Deadline deadline) throws IOException, InterruptedException {
    if (deadline.expired()) {
      throw new DeadlineException("somebody else holds the lock on " + path);
    }
    deadline.sleep(LOCK_RETRY);
  }

  private static Path parent(Path path) throws IOException {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IOException(path + " is not the name of a file");
    }
    return parent;
  }

  private static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static FileAttribute<?>[] ownerOnly(Path path) {
    return posix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }

  /** Keeps other processes out while the file is used. */
  private static final class Lock implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;

    Lock(Path path, Deadline deadline) throws IOException, InterruptedException {
      this.path = path;
      channel = FileChannel.open(
          path.resolveSibling(path.getFileName() + ".lock"),
          Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
          ownerOnly(path));
      try {
        while (!tryLock()) {
          pause(path, deadline);
        }
      } catch (IOException | InterruptedException | RuntimeException e) {
        channel.close();
        throw e;
      }
    }

    private boolean tryLock() throws IOException {
      try {
        return channel.tryLock() != null;
      } catch (OverlappingFileLockException e) {
        return false; // other code of this process has it
      }
    }

    Content readOrCreate() throws IOException {
      try {
        return read();
      } catch (NoSuchFileException e) {
        Content content = new Content(KeyWrapping.newSecret(), 0);
        write(content);
        return content;
      }
    }

    Content read() throws IOException {
      if (posix(path)) {
        Set<PosixFilePermission> rights = Files.getPosixFilePermissions(path);
        if (rights.stream().anyMatch(right -> !right.name().startsWith("OWNER_"))) {
          throw new IOException("others may use %s (%s): chmod 600 %s"
              .formatted(path, PosixFilePermissions.toString(rights), path));
        }
      }
      if (Files.size(path) > MAX_LENGTH) {
        throw new FormatException(path + " is too long for a software key file");
      }
      Properties properties = new Properties();
      try {
        properties.load(new StringReader(Files.readString(path)));
        if (!FORMAT.equals(properties.getProperty("format"))) {
          throw new FormatException("it has no line format=" + FORMAT);
        }
        Bytes key = Bytes.fromHex(properties.getProperty("wrapping-key", ""));
        long counter = Long.parseLong(properties.getProperty("counter", ""));
        Content content = new Content(key, counter);
        if (key.length() != KeyWrapping.SECRET_LENGTH
            || counter < 0
            || counter > MAX
            || !content.check().equals(properties.getProperty("check"))) {
          throw new FormatException("its lines do not belong together");
        }
        return content;
      } catch (FormatException e) {
        throw new FormatException(path + " is not a software key file: " + e.getMessage());
      } catch (CharacterCodingException | IllegalArgumentException e) {
        throw new FormatException(path + " is not a software key file: a line is malformed");
      }
    }

    /** Replaces the file as a whole, and returns once it is on the disk. */
    void write(Content content) throws IOException {
      String text =
          """
          # A software key. Whoever can read this file can sign in with it.
          format=%s
          wrapping-key=%s
          counter=%s
          check=%s
          """.formatted(FORMAT, content.wrappingKey().hex(), content.counter(), content.check());
      Path fresh = path.resolveSibling(path.getFileName() + ".new");
      Files.deleteIfExists(fresh); // left by a process that was killed
      try {
        writeNew(fresh, Bytes.utf8(text));
        Files.move(
            fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        Files.deleteIfExists(fresh); // it holds the key, or part of it
        throw e;
      }
      if (posix(path)) {
        try (FileChannel folder = FileChannel.open(parent(path), StandardOpenOption.READ)) {
          folder.force(true);
        }
      }
    }

    private static void writeNew(Path path, Bytes content) throws IOException {
      try (FileChannel out = FileChannel.open(
          path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly(path))) {
        ByteBuffer bytes = content.toBuffer();
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
    }

    @Override
    public void close() throws IOException {
      channel.close(); // and with it the lock
    }
  }
}
