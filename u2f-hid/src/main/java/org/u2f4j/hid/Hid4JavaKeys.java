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

/** The keys on USB of this machine, through hid4java. */
final class Hid4JavaKeys implements HidKeys {
  /** More than looking for keys takes, and less than a race needs to let go of them. */
  static final HidApiTurn SYSTEM = new HidApiTurn(Duration.ofMillis(100));

  private static final int DESCRIPTOR_LIMIT = 4096;

  static final AccessDiagnosis DIAGNOSIS = new AccessDiagnosis(
      System.getProperty("os.name", ""),
      System.getProperty("os.version", ""),
      Path.of("/"),
      file -> Files.isReadable(file) && Files.isWritable(file),
      Hid4JavaKeys::elevated,
      System.getenv("SNAP") != null);

  /** Why the native library does not load; null as long as it does. For whose turn it is. */
  private static @Nullable AccessProblem notLoaded;

  @Override
  public List<HidKey> list(Deadline deadline) throws AccessException, InterruptedException {
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

  @Override
  public Optional<AccessProblem> whyNone() {
    return DIAGNOSIS.noKeyListed();
  }

  @Override
  public HidConnection open(HidKey key, Deadline deadline)
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
          .getAttachedHidDevices().stream().filter(Hid4JavaKeys::isKey).toList();
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
