package org.u2f4j.soft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.FakeClock;
import org.u2f4j.message.AuthenticationRequest;
import org.u2f4j.message.RegistrationResponse;

@Timeout(value = 5, unit = TimeUnit.MINUTES) // against hanging only
class KeyFileTest {
  private static final Deadline DEADLINE = Deadline.after(Duration.ofMinutes(10));

  @TempDir
  Path folder;

  private Path path;

  @BeforeEach
  void name() {
    path = folder.resolve("key");
  }

  private static KeyFile open(Path path) throws IOException, InterruptedException {
    return KeyFile.open(path, DEADLINE);
  }

  private static void mode(Path path, String rights) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void allFilesAreTheirOwnersAlone() throws Exception {
    open(path).next(DEADLINE);
    assertEquals("rw-------", mode(path));
    assertEquals("rw-------", mode(folder.resolve("key.lock")));
    try (var files = Files.list(folder)) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void theCounterGoesOnWhereItWas() throws Exception {
    KeyFile first = open(path);
    assertEquals(1, first.next(DEADLINE));
    KeyFile second = open(path);
    assertEquals(2, second.next(DEADLINE));
    assertEquals(3, first.next(DEADLINE));
    assertEquals(first.wrappingKey(), second.wrappingKey());
    assertEquals(32, first.wrappingKey().length());
  }

  @Test
  void whatTheFileHoldsIsNotShown() throws Exception {
    KeyFile file = open(path);
    Properties content = new Properties();
    try (BufferedReader reader = Files.newBufferedReader(path)) {
      content.load(reader);
    }
    String secret = content.getProperty("wrapping-key");
    assertEquals(64, secret.length());
    for (Object shown : List.of(file, SoftwareKey.open(path, DEADLINE), Attestation.test())) {
      assertFalse(shown.toString().contains(secret.substring(0, 8)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rwx--x---"})
  @DisabledOnOs(OS.WINDOWS)
  void aFileThatOthersMayUseIsRefusedWithTheCure(String rights) throws Exception {
    KeyFile file = open(path);
    mode(path, rights);
    for (var use : List.<Callable<?>>of(() -> open(path), () -> file.next(DEADLINE))) {
      String message = assertThrows(IOException.class, use::call).getMessage();
      assertTrue(message.contains(rights), message);
      assertTrue(message.endsWith("chmod 600 " + path.toRealPath()), message);
    }
    mode(path, "rw-------");
    assertEquals(1, file.next(DEADLINE));
  }

  @Test
  void somethingElseIsRefusedAndLeftAlone() throws Exception {
    for (String content :
        List.of("", "x", "-----BEGIN KEY-----\n", "\\uzzzz", "\ufffd".repeat(9))) {
      Files.deleteIfExists(path);
      open(path);
      Files.writeString(path, content);
      String message = assertThrows(FormatException.class, () -> open(path)).getMessage();
      assertTrue(message.contains(path.toRealPath().toString()), message);
      assertEquals(content, Files.readString(path));
    }
    open(folder.resolve("other"));
    Files.write(path, new byte[] {(byte) 0xC3, 0x28});
    assertThrows(FormatException.class, () -> open(path));
  }

  @Test
  void digitsAreAsciiWhateverTheLocale() throws Exception {
    Locale before = Locale.getDefault();
    Locale formats = Locale.getDefault(Locale.Category.FORMAT);
    Locale.setDefault(new Locale.Builder().setLanguage("ar").setRegion("EG").build());
    try {
      assertEquals("\u0667", "%d".formatted(7), "this locale has digits of its own");
      KeyFile file = open(path);
      assertTrue(Files.readAllLines(path).contains("counter=0"), Files.readString(path));
      assertEquals(1, file.next(DEADLINE));
      assertTrue(Files.readAllLines(path).contains("counter=1"), Files.readString(path));
      assertEquals(2, open(path).next(DEADLINE));

      Bytes registration = SoftwareKeyTest.register(SoftwareKey.create()).encode();
      Bytes handleCutOff = registration.slice(0, 70);
      Bytes signatureCutOff = registration.slice(0, registration.length() - 1);
      Bytes noHandle = Bytes.fromHex("00".repeat(64) + "07");
      assertAsciiRefusal(() -> CommandApdu.decode(Bytes.fromHex("00010000070000")));
      assertAsciiRefusal(() -> CommandApdu.decode(Bytes.fromHex("0001000000000700")));
      assertAsciiRefusal(() -> RegistrationResponse.decode(handleCutOff));
      assertAsciiRefusal(() -> RegistrationResponse.decode(signatureCutOff));
      assertAsciiRefusal(() -> AuthenticationRequest.decode(3, noHandle));
      assertAsciiRefusal(() -> AuthenticationRequest.decode(7, Bytes.EMPTY));
      assertAsciiRefusal(() -> Bytes.fromHex("0x"));
    } finally {
      Locale.setDefault(before);
      Locale.setDefault(Locale.Category.FORMAT, formats);
    }
  }

  private static void assertAsciiRefusal(Executable use) {
    String message = assertThrows(FormatException.class, use).getMessage();
    assertTrue(message.matches("\\p{ASCII}*[0-9]\\p{ASCII}*"), message);
  }

  @Test
  void aHugeFileIsNotRead() throws Exception {
    open(path);
    try (RandomAccessFile huge = new RandomAccessFile(path.toFile(), "rw")) {
      huge.setLength(1L << 13);
    }
    String message = assertThrows(FormatException.class, () -> open(path)).getMessage();
    assertTrue(message.contains("too long"), message);
  }

  @Test
  void aFolderIsRefusedWithoutATrace() throws Exception {
    Path inner = Files.createDirectory(path);
    String message = assertThrows(IOException.class, () -> open(inner)).getMessage();
    assertTrue(message.endsWith("is not a file"), message);
    assertFalse(Files.exists(folder.resolve("key.lock")));
    assertThrows(IOException.class, () -> open(folder.getRoot()));
    assertThrows(IOException.class, () -> open(Path.of("")));
    assertThrows(NoSuchFileException.class, () -> open(folder.resolve("none/key")));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aLinkedFileIsUsedInItsPlace() throws Exception {
    Path place = Files.createDirectory(folder.resolve("place"));
    Path link = Files.createSymbolicLink(path, place.resolve("real"));
    String message = assertThrows(IOException.class, () -> open(link)).getMessage();
    assertTrue(message.endsWith("is a link to a file that does not exist"), message);

    open(place.resolve("real")).next(DEADLINE);
    assertEquals(2, open(link).next(DEADLINE));
    assertEquals(3, open(place.resolve("real")).next(DEADLINE));
    assertTrue(Files.isSymbolicLink(link));
    assertFalse(Files.isSymbolicLink(place.resolve("real")));
    assertFalse(Files.exists(folder.resolve("key.lock")));
  }

  @Test
  void aDamagedFileIsRefusedOrCountsOn() throws Exception {
    KeyFile file = open(path);
    for (int i = 0; i < 12; i++) {
      file.next(DEADLINE); // so that half of the number is a smaller one
    }
    byte[] whole = Files.readAllBytes(path);
    int refused = 0;
    List<byte[]> damaged = new ArrayList<>();
    for (int i = 0; i < whole.length; i++) {
      damaged.add(java.util.Arrays.copyOf(whole, i));
      for (int other :
          new int[] {whole[i] ^ 1, whole[i] ^ 0x80, 0, '0', '1', '9', '\n', '\\', '#'}) {
        if (other != whole[i]) {
          byte[] copy = whole.clone();
          copy[i] = (byte) other;
          damaged.add(copy);
        }
      }
    }
    for (byte[] content : damaged) {
      Files.write(path, content);
      try {
        KeyFile again = open(path);
        assertEquals(file.wrappingKey(), again.wrappingKey());
        assertEquals(13, again.next(DEADLINE));
      } catch (FormatException e) {
        refused++;
        assertThrows(FormatException.class, () -> file.next(DEADLINE));
      }
    }
    assertTrue(refused > damaged.size() / 2, refused + " of " + damaged.size());
  }

  @Test
  void anotherKeyInTheFileIsNotCountedUp() throws Exception {
    KeyFile file = open(path);
    Files.delete(path);
    assertThrows(NoSuchFileException.class, () -> file.next(DEADLINE), "it is gone, not new");
    KeyFile other = open(path);
    assertThrows(IOException.class, () -> file.next(DEADLINE));
    assertEquals(1, other.next(DEADLINE));
  }

  @Test
  void aFileThatCannotBeReplacedStaysAsItWas() throws Exception {
    KeyFile file = open(path);
    file.next(DEADLINE);
    byte[] before = Files.readAllBytes(path);
    Path inTheWay = Files.createDirectories(folder.resolve("key.new/full"));
    assertThrows(IOException.class, () -> file.next(DEADLINE));
    assertEquals(-1, java.util.Arrays.mismatch(before, Files.readAllBytes(path)));
    Files.delete(inTheWay);
    assertEquals(2, file.next(DEADLINE), "an empty folder or file that was left is no obstacle");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aFolderThatIsReadOnlyIsRefused() throws Exception {
    KeyFile file = open(path);
    mode(folder, "r-x------");
    try {
      assumeFalse(Files.isWritable(folder), "the superuser may write everywhere");
      assertThrows(IOException.class, () -> file.next(DEADLINE));
      assertThrows(IOException.class, () -> open(folder.resolve("new")));
    } finally {
      mode(folder, "rwx------");
    }
    assertEquals(1, file.next(DEADLINE));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskLeavesNothingHalfWritten() throws Exception {
    open(path).next(DEADLINE);
    for (String name : List.of("key", "new")) {
      List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -f 0; exec \"$@\"", "sh"));
      command.addAll(KeyFileChild.command("fail", folder.resolve(name).toString()));
      Process child = KeyFileChild.start(command);
      String said = lines(child).get(0);
      assertTrue(said.startsWith("no: java.io.IOException"), said);
      assertFalse(Files.exists(folder.resolve(name + ".new")));
    }
    assertFalse(Files.exists(folder.resolve("new")));
    assertEquals(2, open(path).next(DEADLINE));
  }

  private static List<String> lines(Process child) throws IOException, InterruptedException {
    try (BufferedReader out = child.inputReader()) {
      List<String> lines = out.lines().toList();
      child.waitFor();
      return lines;
    }
  }

  @Test
  void aLockHeldElsewhereIsAwaitedUntilTheDeadline() throws Exception {
    KeyFile file = open(path);
    FakeClock clock = new FakeClock();
    Process child = KeyFileChild.start(KeyFileChild.command("hold", path.toString()));
    try (BufferedReader out = child.inputReader()) {
      assertEquals("true", out.readLine());
      Deadline second = Deadline.after(Duration.ofSeconds(1), clock);
      assertThrows(DeadlineException.class, () -> file.next(second));
      assertEquals(Duration.ZERO, second.remaining());
      assertThrows(DeadlineException.class, () -> KeyFile.open(path, second));
      assertTrue(clock.sleeps.size() > 10, "it looks again before the deadline");

      clock.whileAsleep = () -> Thread.currentThread().interrupt();
      Deadline more = Deadline.after(Duration.ofSeconds(1), clock);
      assertThrows(InterruptedException.class, () -> file.next(more));
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertEquals(1, file.next(DEADLINE), "a lock ends with its process");
  }

  @Test
  void anInterruptIsNotTakenForABrokenFile() throws Exception {
    KeyFile file = open(path);
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> file.next(DEADLINE));
    assertFalse(Thread.currentThread().isInterrupted());
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> open(path));
    assertFalse(Thread.currentThread().isInterrupted());
    assertEquals(1, file.next(DEADLINE));
  }

  @Test
  void twoProcessesShareNoCounterValueAndLoseNone() throws Exception {
    SoftwareKey key = SoftwareKey.open(path, DEADLINE);
    RegistrationResponse registration = SoftwareKeyTest.register(key);
    String handle = registration.keyHandle().bytes().hex();
    List<Process> children = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      children.add(
          KeyFileChild.start(KeyFileChild.command("sign", path.toString(), "200", handle)));
    }
    Set<Long> seen = new TreeSet<>();
    for (Process child : children) {
      lines(child).forEach(line -> seen.add(Long.valueOf(line)));
      assertEquals(0, child.exitValue());
    }
    assertEquals(LongStream.rangeClosed(1, 400).boxed().toList(), List.copyOf(seen));
  }

  @Test
  void manyThreadsShareOneFile() throws Exception {
    List<KeyFile> opened = List.of(open(path), open(path));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Long>> values = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        KeyFile file = opened.get(i % 2);
        values.add(threads.submit(() -> file.next(DEADLINE)));
      }
      Set<Long> seen = new TreeSet<>();
      for (Future<Long> value : values) {
        seen.add(value.get());
      }
      assertEquals(LongStream.rangeClosed(1, 100).boxed().toList(), List.copyOf(seen));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void theCounterEndsWithItsBits() throws Exception {
    String key = open(path).wrappingKey().hex();
    for (long last : new long[] {0xFFFF_FFFEL, 0x1_0000_0000L, -1}) {
      String check = Bytes.utf8(key + " " + last).sha256().hex();
      Files.writeString(
          path,
          "format=u2f4j software key 1\nwrapping-key=%s\ncounter=%s\ncheck=%s\n"
              .formatted(key, last, check));
      if (last == 0xFFFF_FFFEL) {
        KeyFile file = open(path);
        assertEquals(0xFFFF_FFFFL, file.next(DEADLINE));
        assertThrows(IOException.class, () -> file.next(DEADLINE));
      } else {
        assertThrows(FormatException.class, () -> open(path));
      }
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aThreadThatGivesUpDoesNotLetAnotherProcessIn() throws Exception {
    KeyFile file = open(path);
    byte[] content = Files.readAllBytes(path);
    Files.delete(path);
    // a pipe in place of the file: who reads it holds the lock and gets no further
    new ProcessBuilder("mkfifo", "-m", "600", path.toString()).start().waitFor();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<Long> holder = thread.submit(() -> file.next(DEADLINE));
      try (OutputStream pipe = Files.newOutputStream(path)) {
        Deadline passed = Deadline.after(Duration.ZERO, new FakeClock());
        assertThrows(DeadlineException.class, () -> file.next(passed));
        assertEquals(
            List.of("false"),
            lines(KeyFileChild.start(KeyFileChild.command("try", path.toString()))));
        pipe.write(content);
      }
      assertEquals(1, holder.get());
    } finally {
      thread.shutdownNow();
    }
    assertEquals(2, file.next(DEADLINE));
  }

  @Test
  void aKilledProcessTakesNothingBack() throws Exception {
    Random random = new Random(7);
    long last = 0;
    for (int round = 0; round < 30; round++) {
      Process child = KeyFileChild.start(KeyFileChild.command("count", path.toString(), "100000"));
      try (BufferedReader out = child.inputReader()) {
        for (int i = random.nextInt(20); i >= 0; i--) {
          last = Long.parseLong(out.readLine());
        }
        long until = System.nanoTime() + random.nextInt(1_000_000);
        while (System.nanoTime() < until) {
          Thread.onSpinWait();
        }
        child.toHandle().destroyForcibly(); // leaves what it wrote to be read
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          last = Math.max(last, line.matches("\\d+") ? Long.parseLong(line) : 0);
        }
      }
      child.waitFor(); // Windows deletes no file that a process still has open
      long next = open(path).next(DEADLINE);
      assertTrue(next > last, next + " after " + last);
      last = next;
    }
  }
}
