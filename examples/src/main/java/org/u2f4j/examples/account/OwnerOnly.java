package org.u2f4j.examples.account;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Set;

/** Files and folders that their owner alone can use, where the file system knows such a thing. */
final class OwnerOnly {
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");

  private OwnerOnly() {}

  /** A folder in which nobody else can put another file in the place of ours. */
  static void makeFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      make(folder);
    }
    if (posix(folder)) {
      requireOurs(folder);
      Set<PosixFilePermission> rights = Files.getPosixFilePermissions(folder);
      if (rights.contains(PosixFilePermission.GROUP_WRITE)
          || rights.contains(PosixFilePermission.OTHERS_WRITE)) {
        throw new IOException(
            "others may replace what is in %1$s: chmod go-w %1$s, or choose another folder"
                .formatted(folder));
      }
    }
  }

  private static void make(Path folder) throws IOException {
    try {
      Files.createDirectories(folder, attributes(folder, FOLDER));
    } catch (FileAlreadyExistsException e) {
      throw new IOException(e.getFile() + " is a file, not a folder", e);
    } catch (AccessDeniedException e) {
      throw new IOException("the folder %s cannot be made: access is denied".formatted(folder), e);
    } catch (FileSystemException e) {
      String reason = e.getReason();
      throw new IOException(
          "the folder %s cannot be made%s".formatted(folder, reason == null ? "" : ": " + reason),
          e);
    }
  }

  private static void requireOurs(Path path) throws IOException {
    UserPrincipal owner = Files.getOwner(path);
    UserPrincipal user;
    try {
      user = path.getFileSystem()
          .getUserPrincipalLookupService()
          .lookupPrincipalByName(System.getProperty("user.name"));
    } catch (UserPrincipalNotFoundException e) {
      return; // whoever runs this has no name, as in some containers
    }
    if (!owner.equals(user)) {
      throw new IOException("%s belongs to %s, not to %s: choose a folder of your own"
          .formatted(path, owner.getName(), user.getName()));
    }
  }

  static void write(Path path, byte[] content) throws IOException {
    try (FileChannel out = FileChannel.open(
        path,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        attributes(path, FILE))) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
  }

  /** An empty file, unless there is one. */
  static void touch(Path path) throws IOException {
    try {
      write(path, new byte[0]);
    } catch (FileAlreadyExistsException e) {
      // made earlier, or by another process just now
    }
    require(path);
  }

  static void require(Path path) throws IOException {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(path + " is not a file");
    }
    if (posix(path)) {
      requireOurs(path);
      if (!FILE.containsAll(Files.getPosixFilePermissions(path))) {
        throw new IOException(
            "others may use %1$s: chmod 600 %1$s, or choose another folder".formatted(path));
      }
    }
  }

  private static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
    return posix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }
}
