package org.u2f4j.soft;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Properties;
import java.util.Set;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.Deadline;

/** A key file while this process alone uses it: what it holds, and how that is replaced. */
final class LockedKeyFile implements AutoCloseable {
  private static final String FORMAT = "u2f4j software key 1";
  private static final int MAX_LENGTH = 4096;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  record Content(Bytes wrappingKey, long counter) {
    /** Tells a damaged file: half a counter is a number, too. */
    String check() {
      return Bytes.utf8(wrappingKey.hex() + " " + counter).sha256().hex();
    }
  }

  private final Path path;
  private final FileChannel channel;

  LockedKeyFile(Path path, Deadline deadline) throws IOException, InterruptedException {
    this.path = path;
    Path lock = path.resolveSibling(path.getFileName() + ".lock");
    if (Files.exists(lock, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(lock, LinkOption.NOFOLLOW_LINKS)) {
      // a link would lead elsewhere, and opening a pipe could take for ever
      throw new IOException(lock + " is not a file; remove it");
    }
    if (Files.exists(path) && Files.notExists(lock, LinkOption.NOFOLLOW_LINKS)) {
      read(); // what is no key of ours gets no lock beside it
    }
    channel = FileChannel.open(
        lock,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
        ownerOnly(path));
    try {
      while (!tryLock()) {
        KeyFile.pause(path, deadline);
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
      requireOurs();
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
          || counter > Counter.MAX
          || !content.check().equals(properties.getProperty("check"))) {
        throw new FormatException("its lines do not belong together");
      }
      return content;
    } catch (FormatException e) {
      throw e.in(path + " is not a software key file");
    } catch (CharacterCodingException | IllegalArgumentException e) {
      throw new FormatException(path + " is not a software key file: a line is malformed");
    }
  }

  private void requireOurs() throws IOException {
    Set<PosixFilePermission> rights = Files.getPosixFilePermissions(path);
    if (rights.stream().anyMatch(right -> !right.name().startsWith("OWNER_"))) {
      throw new IOException("others may use %s (%s): chmod 600 %s"
          .formatted(path, PosixFilePermissions.toString(rights), path));
    }
    if (!Files.getOwner(path).equals(user())) {
      throw new IOException("%s belongs to %s, who may know the key"
          .formatted(path, Files.getOwner(path).getName()));
    }
    if (path.getFileSystem().supportedFileAttributeViews().contains("unix")
        && (int) Files.getAttribute(path, "unix:nlink") > 1) {
      throw new IOException(
          path + " has a second name (a hard link), which would keep a counter of its own");
    }
  }

  /** Who runs this program; the owner of the file where that has no name, as in some containers. */
  private UserPrincipal user() throws IOException {
    try {
      return path.getFileSystem()
          .getUserPrincipalLookupService()
          .lookupPrincipalByName(System.getProperty("user.name"));
    } catch (UserPrincipalNotFoundException e) {
      return Files.getOwner(path);
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
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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
      if (posix(path)) {
        Files.setPosixFilePermissions(path, OWNER_ONLY); // the umask may have taken ours away
      }
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

  static Path parent(Path path) throws IOException {
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
}
