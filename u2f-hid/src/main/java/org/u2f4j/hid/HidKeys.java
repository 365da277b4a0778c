package org.u2f4j.hid;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hid4java.HidDevice;
import org.hid4java.HidException;
import org.hid4java.HidServices;
import org.hid4java.HidServicesSpecification;
import org.hid4java.ScanMode;
import org.hid4java.jna.DarwinHidApiLibrary;
import org.hid4java.jna.HidApi;
import org.hid4java.jna.HidrawHidApiLibrary;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.Deadline;

/**
 * The keys that are plugged in now.
 *
 * <p>Nothing is watched in the background: each call looks anew. Looking takes some milliseconds and
 * disturbs other devices on some systems, so that it should not be done more often than about four
 * times a second.
 */
public final class HidKeys {
  /** More than looking for keys takes, and less than a race needs to let go of them. */
  static final HidApiTurn SYSTEM = new HidApiTurn(Duration.ofMillis(100));

  /** How long those wait for their turn who do not say. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final int DESCRIPTOR_LIMIT = 4096;

  static final AccessDiagnosis DIAGNOSIS = new AccessDiagnosis(
      System.getProperty("os.name", ""),
      Path.of("/"),
      file -> Files.isReadable(file) && Files.isWritable(file),
      HidKeys::elevated,
      System.getenv("SNAP") != null);

  /** Why the native library does not load; null as long as it does. For whose turn it is. */
  private static @Nullable AccessProblem notLoaded;

  private HidKeys() {}

  /**
   * All keys: the devices with usage page F1D0 and usage 01, of any maker.
   *
   * @return one or none for each; in the system's order
   * @throws AccessException if the native library cannot be loaded, or another thread has been in it
   *     for two seconds, or this one is interrupted meanwhile
   */
  public static List<HidKey> list() throws AccessException {
    try {
      return list(Deadline.after(PATIENCE));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** The same, for who can wait for another thread until a deadline. */
  static List<HidKey> list(Deadline deadline) throws AccessException, InterruptedException {
    Map<String, HidKey> keys = new LinkedHashMap<>(); // a device is listed once for each usage
    SYSTEM.enter(deadline);
    try {
      for (HidDevice device : devices()) {
        keys.putIfAbsent(device.getPath(), describe(device));
      }
    } finally {
      SYSTEM.leave();
    }
    return List.copyOf(keys.values());
  }

  private static AccessException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new AccessException(AccessProblem.SYSTEM_BUSY, e);
  }

  /**
   * Why there may be no key in the list although one is plugged in.
   *
   * @return what keeps keys from this program; nothing if the system seems to show them, so that none
   *     is plugged in
   */
  public static Optional<AccessProblem> whyNone() {
    return DIAGNOSIS.noKeyListed();
  }

  /**
   * Opens a key, as the other method does, but waits for other threads no longer than two seconds.
   *
   * @param key one of {@link #list}
   * @return what reaches it
   * @throws IOException as the other method; {@link AccessProblem.Name#SYSTEM_BUSY} as well if this
   *     thread is interrupted
   */
  public static HidConnection open(HidKey key) throws IOException {
    try {
      return open(key, Deadline.after(PATIENCE));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * Opens a key. Other programs, such as browsers, may have it open at the same time.
   *
   * @param key one of {@link #list}; if another device has its path by now, the key is gone
   * @param deadline when to give up waiting for another thread that looks for keys, or opens or closes
   *     one; what the system itself takes to open this one cannot be cut short
   * @return what reaches it
   * @throws AccessException if it cannot be opened, or is gone, or if another thread was not done in
   *     time ({@link AccessProblem.Name#SYSTEM_BUSY})
   * @throws IOException if its reports are none that CTAPHID can use
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public static HidConnection open(HidKey key, Deadline deadline)
      throws IOException, InterruptedException {
    SYSTEM.enter(deadline);
    try {
      HidDevice device = devices().stream()
          .filter(candidate -> key.equals(describe(candidate)))
          .findFirst()
          .orElseThrow(() -> new AccessException(AccessProblem.UNPLUGGED));
      if (!device.open()) {
        throw new AccessException(DIAGNOSIS.cannotOpen(key, lastError(key.path())));
      }
      try {
        return new Hid4JavaConnection(device, reportSizes(device), SYSTEM, DIAGNOSIS);
      } catch (IOException | RuntimeException | Error e) {
        device.close();
        throw e;
      }
    } finally {
      SYSTEM.leave();
    }
  }

  private static HidKey describe(HidDevice device) {
    return new HidKey(
        device.getPath(),
        device.getVendorId(),
        device.getProductId(),
        device.getReleaseNumber() & 0xFFFF,
        text(device.getManufacturer()),
        text(device.getProduct()),
        text(device.getSerialNumber()),
        arrival(device.getPath()));
  }

  /**
   * Linux numbers HID devices as they come, and never again the same. The device file does not do: for
   * a moment it is not there yet.
   */
  private static String arrival(String path) {
    Path name = Platform.isLinux() ? Path.of(path).getFileName() : null;
    if (name == null) {
      return "";
    }
    try {
      return Path.of("/sys/class/hidraw").resolve(name).toRealPath().toString();
    } catch (IOException e) {
      return ""; // gone by now
    }
  }

  /** Only for whose turn it is. */
  private static List<HidDevice> devices() throws AccessException {
    HidServicesSpecification specification = new HidServicesSpecification();
    specification.setAutoStart(false);
    specification.setScanMode(ScanMode.NO_SCAN);
    specification.setAutoShutdown(false);
    specification.setAutoDataRead(false);
    try {
      HidApi.darwinOpenDevicesNonExclusive = true; // or browsers could not use the key meanwhile
      // one of our own: the shared one has the settings of whoever came first
      return new HidServices(specification)
          .getAttachedHidDevices().stream().filter(HidKeys::isKey).toList();
    } catch (HidException | LinkageError e) {
      notLoaded = DIAGNOSIS.notLoaded(e, notLoaded);
      throw new AccessException(notLoaded, e);
    }
  }

  /** The numbers are signed 16-bit ones in hid4java. */
  private static boolean isKey(HidDevice device) {
    return (device.getUsagePage() & 0xFFFF) == ReportDescriptor.FIDO_PAGE
        && (device.getUsage() & 0xFFFF) == ReportDescriptor.FIDO_USAGE
        && device.getPath() != null;
  }

  private static ReportDescriptor reportSizes(HidDevice device) throws FormatException {
    byte[] descriptor = new byte[DESCRIPTOR_LIMIT];
    int length;
    try {
      length = device.getReportDescriptor(descriptor);
    } catch (UnsatisfiedLinkError e) {
      length = -1; // a hidapi before 0.14, where the system's was asked for
    }
    return length <= 0
        ? ReportDescriptor.USUAL
        : ReportDescriptor.decode(
            Bytes.of(descriptor).slice(0, Math.min(length, descriptor.length)));
  }

  /** On Windows. */
  private static boolean elevated() {
    try {
      return Function.getFunction("shell32", "IsUserAnAdmin").invokeInt(new Object[0]) != 0;
    } catch (LinkageError e) {
      return true; // not to be found out
    }
  }

  /** What hidapi says of the last open; hid4java does not tell. To be read before any other call. */
  private static String lastError(String path) {
    try {
      Pointer error = (Platform.isMac()
              ? DarwinHidApiLibrary.INSTANCE
              : HidrawHidApiLibrary.INSTANCE)
          .hid_error(null);
      String said = error == null ? "" : text(error.getWideString(0));
      return said.contains(path) ? said : path + (said.isEmpty() ? "" : ": " + said);
    } catch (LinkageError e) {
      return path;
    }
  }

  private static String text(@Nullable String given) {
    return given == null ? "" : given.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?").strip();
  }
}
