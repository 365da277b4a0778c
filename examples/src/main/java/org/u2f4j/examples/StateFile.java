package org.u2f4j.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.u2f4j.apdu.Deadline;

/**
 * A file of lines that this process alone uses until it is closed: readable by its owner only,
 * replaced as a whole, and on the disk when {@link #write} returns. A lock on a second file, {@code
 * NAME.lock}, keeps other processes away.
 */
final class StateFile implements AutoCloseable {
  private static final long MAX_LENGTH = 64L << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofMillis(20);
  static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

  private final Path path;
  private final FileChannel lock;

  private StateFile(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  static StateFile open(Path given) throws IOException, InterruptedException {
    Path path = given.toAbsolutePath();
    requireFolder(path);
    Path lock = sibling(path, ".lock");
    requireFile(path);
    requireFile(lock);
    FileChannel channel = FileChannel.open(
        lock,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
        ownerOnly(path));
    try {
      Deadline deadline = Deadline.after(PATIENCE);
      while (!locked(channel)) {
        if (deadline.expired()) {
          throw new IOException("another process holds its lock; try again when it has ended");
        }
        deadline.sleep(RETRY);
      }
      return new StateFile(path, channel);
    } catch (IOException | InterruptedException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Where a file is to be made; that the file itself is not there would tell nobody what to do. */
  static void requireFolder(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException("there is no folder " + folder + "; make it, or name another file");
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static Path sibling(Path path, String ending) {
    return path.resolveSibling(path.getFileName() + ending);
  }

  /** A link would lead elsewhere, and opening a pipe could take for ever. */
  private static void requireFile(Path path) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(path + " is not a file, or a link to one; remove it");
    }
  }

  /** All lines; none if there is no file yet. */
  List<String> read() throws IOException {
    requireFile(path);
    if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    if (posix(path)) {
      requireOurs();
    }
    if (Files.size(path) > MAX_LENGTH) {
      throw new IOException("it is longer than " + MAX_LENGTH + " bytes");
    }
    return Files.readAllLines(path);
  }

  private void requireOurs() throws IOException {
    Set<PosixFilePermission> rights =
        Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
    if (rights.stream().anyMatch(right -> !right.name().startsWith("OWNER_"))) {
      throw new IOException("others may use it (%s): chmod 600 %s"
          .formatted(PosixFilePermissions.toString(rights), path));
    }
    UserPrincipal owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS);
    if (!owner.equals(user(owner))) {
      throw new IOException("it belongs to " + owner.getName() + ", who may have written it");
    }
  }

  /** Who runs this program; the owner of the file where that has no name, as in some containers. */
  private UserPrincipal user(UserPrincipal owner) throws IOException {
    try {
      return path.getFileSystem()
          .getUserPrincipalLookupService()
          .lookupPrincipalByName(System.getProperty("user.name"));
    } catch (UserPrincipalNotFoundException e) {
      return owner;
    }
  }

  /** Replaces all lines, and returns once they are on the disk. */
  void write(List<String> lines) throws IOException {
    Path fresh = sibling(path, ".new");
    Files.deleteIfExists(fresh); // left by a process that was killed
    try {
      writeNew(fresh, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(fresh);
      throw e;
    }
    Path folder = path.getParent();
    if (posix(path) && folder != null) {
      try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
        names.force(true);
      }
    }
  }

  private static void writeNew(Path path, byte[] content) throws IOException {
    try (FileChannel out = FileChannel.open(
        path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly(path))) {
      if (posix(path)) {
        Files.setPosixFilePermissions(path, OWNER_ONLY); // the umask may have taken ours away
      }
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close(); // and with it the lock
  }

  static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  static FileAttribute<?>[] ownerOnly(Path path) {
    return posix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }
}
