package org.u2f4j.soft;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.soft.LockedKeyFile.Content;

/**
 * A software key in a file: the wrapping key and the counter.
 *
 * <p>The file is replaced as a whole, and forced to the disk, before a new counter value is used; a
 * lock on a second file, {@code NAME.lock}, keeps processes apart. Both are readable by their owner
 * alone.
 */
final class KeyFile implements Counter {
  private static final Duration LOCK_RETRY = Duration.ofMillis(5);

  /** One for each file in use: on POSIX, closing any channel to a file lets go of all its locks. */
  private static final Map<Path, Semaphore> THREADS = new ConcurrentHashMap<>();

  private interface Work<T> {
    T run(LockedKeyFile file) throws IOException;
  }

  private final Path path;
  private final Bytes wrappingKey;

  /** The highest counter value seen; used under the lock alone. */
  private long last;

  private KeyFile(Path path, Content content) {
    this.path = path;
    this.wrappingKey = content.wrappingKey();
    this.last = content.counter();
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
        : LockedKeyFile.parent(given.toAbsolutePath()).toRealPath().resolve(given.getFileName());
    return locked(path, deadline, file -> new KeyFile(path, file.readOrCreate()));
  }

  Bytes wrappingKey() {
    return wrappingKey;
  }

  @Override
  public long next(Deadline deadline) throws IOException, InterruptedException {
    return locked(path, deadline, file -> {
      Content content = file.read();
      if (!content.wrappingKey().equals(wrappingKey)) {
        throw new IOException(path + " holds another key than when it was opened; open it again");
      }
      long highest =
          Math.max(content.counter(), last); // a file copied back from a backup is behind
      if (highest == MAX) {
        throw new IOException("the counter in " + path + " is at its end; make a new key");
      }
      file.write(new Content(wrappingKey, highest + 1));
      last = highest + 1;
      return last;
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
    try (LockedKeyFile file = new LockedKeyFile(path, deadline)) {
      return work.run(file);
    } catch (ClosedByInterruptException e) {
      Thread.interrupted(); // the exception takes its place
      throw new InterruptedException("interrupted while using " + path);
    } finally {
      threads.release();
    }
  }

  static void pause(Path path, Deadline deadline) throws IOException, InterruptedException {
    if (deadline.expired()) {
      throw new DeadlineException("somebody else holds the lock on " + path);
    }
    deadline.sleep(LOCK_RETRY);
  }
}
