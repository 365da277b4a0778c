package org.u2f4j.soft;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.StatusWord;
import org.u2f4j.message.AuthenticationResponse;

/** Another process that uses a software key. */
final class KeyFileChild {
  private KeyFileChild() {}

  /** A Java machine that runs this class. */
  static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(List.of(
        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-XX:-UsePerfData",
        "-Xmx64m",
        "-cp",
        System.getProperty("java.class.path"),
        KeyFileChild.class.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  static Process start(List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder
        .environment()
        .keySet()
        .removeAll(List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"));
    return builder.start();
  }

  /**
   * Prints a line for each thing done.
   *
   * @param arguments what to do, the file, and more
   */
  public static void main(String[] arguments) throws Exception {
    Path path = Path.of(arguments[1]);
    Deadline deadline = Deadline.after(Duration.ofMinutes(1));
    switch (arguments[0]) {
      case "count" -> {
        KeyFile file = KeyFile.open(path, deadline);
        for (int left = Integer.parseInt(arguments[2]); left > 0; left--) {
          say(file.next(deadline));
        }
      }
      case "sign" -> {
        SoftwareKey key = SoftwareKey.open(path, deadline);
        for (int left = Integer.parseInt(arguments[2]); left > 0; left--) {
          var response = key.exchange(
              SoftwareKeyTest.authenticate(Bytes.fromHex(arguments[3])).toCommand(), deadline);
          if (!response.status().equals(StatusWord.NO_ERROR)) {
            throw new IOException(response.toString());
          }
          say(AuthenticationResponse.decode(response.data()).counter());
        }
      }
      case "fail" -> {
        try {
          say(KeyFile.open(path, deadline).next(deadline));
        } catch (IOException e) {
          say("no: " + e);
        }
      }
      case "try" -> {
        try (FileChannel channel =
            FileChannel.open(Path.of(path + ".lock"), StandardOpenOption.WRITE)) {
          say(channel.tryLock() != null);
        }
      }
      case "hold" -> {
        try (FileChannel channel =
                FileChannel.open(Path.of(path + ".lock"), StandardOpenOption.WRITE);
            FileLock lock = channel.lock()) {
          say(lock.isValid());
          System.in.read();
        }
      }
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void say(Object what) {
    System.out.println(what);
    System.out.flush();
  }
}
