package org.u2f4j.hid;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.u2f4j.hid.AccessProblem.Name;

/**
 * Finds out why a key cannot be used, where hidapi says no more than "no".
 *
 * @param system the property os.name
 * @param release the property os.version: on Linux the kernel's release
 * @param root where the file system begins; "/" but for tests
 * @param usable whether this user may read and write a file
 * @param elevated whether this program has administrator's rights; asked on Windows alone
 * @param snap whether this program runs as a snap
 */
record AccessDiagnosis(
    String system,
    String release,
    Path root,
    Predicate<Path> usable,
    BooleanSupplier elevated,
    boolean snap) {
  private static final String WINDOWS_CURE = """
      start this program as administrator, or let Windows ask for the key itself \
      (a browser does that; keys are managed in Settings > Accounts > Passkeys, or \
      Settings > Privacy & security > Passkeys)""";

  private static final Pattern HID_MODULE = Pattern.compile("\\S*/hid\\.ko[.a-z0-9]*:");

  /** What is wrong if no key is listed; nothing if there may just be none. */
  Optional<AccessProblem> noKeyListed() {
    if (windows()) {
      // since version 1903 the interface is hidden from everybody else, and the list is just empty
      return elevated.getAsBoolean() ? Optional.empty() : Optional.of(notElevated());
    }
    if (!linux()) {
      return Optional.empty();
    }
    if (!Files.isDirectory(root.resolve("sys/class/hidraw")) && !comesWithTheFirstKey()) {
      return Optional.of(
          wsl()
              ? new AccessProblem(
                  Name.NO_HIDRAW,
                  "Windows keeps its USB devices from this Linux (WSL)",
                  "run this program in Windows, or attach the key with usbipd and a WSL kernel that"
                      + " has CONFIG_HIDRAW")
              : new AccessProblem(
                  Name.NO_HIDRAW,
                  "there is no raw access to USB devices (no /sys/class/hidraw)",
                  "modprobe hid-generic usbhid; if that does not help, the kernel needs"
                      + " CONFIG_HIDRAW, or the container needs the host's /sys and devices"));
    }
    return Optional.empty();
  }

  /** On a machine without a keyboard the kernel's module for HID is not loaded before it is needed. */
  private boolean comesWithTheFirstKey() {
    try (Stream<String> modules =
        Files.lines(root.resolve("lib/modules").resolve(release).resolve("modules.dep"))) {
      return !Files.exists(root.resolve("sys/module/hid"))
          && Files.isDirectory(root.resolve("sys/bus/usb"))
          && modules.anyMatch(module -> HID_MODULE.matcher(module).lookingAt());
    } catch (IOException | UncheckedIOException | InvalidPathException e) {
      return false;
    }
  }

  /** What is wrong with a key that is listed and cannot be opened. */
  AccessProblem cannotOpen(HidKey key, String said) {
    if (linux()) {
      return linuxCannotOpen(key, said);
    }
    if (windows() && !elevated.getAsBoolean()) {
      return notElevated();
    }
    if (mac()
        && (said.contains("exclusive") || said.toUpperCase(Locale.ROOT).contains("E00002C5"))) {
      return new AccessProblem(
          Name.HELD_BY_ANOTHER_PROGRAM,
          "another program has the key for itself",
          "close programs that use security keys, such as gpg, ssh-agent or a password manager");
    }
    return unexplained(said);
  }

  /** What is wrong with a key that was opened, and takes nothing. */
  AccessProblem takesNothing() {
    // Windows may open it all the same, but neither for reading nor for writing
    return windows() && !elevated.getAsBoolean() ? notElevated() : AccessProblem.UNPLUGGED;
  }

  private AccessProblem linuxCannotOpen(HidKey key, String said) {
    Path device = root.resolve(key.path().replaceFirst("^/+", ""));
    Path name = device.getFileName();
    if (!Files.exists(device)) {
      boolean pluggedIn =
          name != null && Files.exists(root.resolve("sys/class/hidraw").resolve(name));
      return pluggedIn ? sandbox(key) : AccessProblem.UNPLUGGED;
    }
    if (!usable.test(device)) {
      return new AccessProblem(
          Name.NO_PERMISSION, "this user may not use " + key.path(), """
          add a udev rule, as root, and plug the key in again%s:
            echo '%s' >>/etc/udev/rules.d/70-u2f.rules
            udevadm control --reload""".formatted(
                  knowsKeys() ? "" : " (if it is a keyboard too, its user may then read that)",
                  udevRule(key)));
    }
    return unexplained(said);
  }

  /**
   * Rights for whoever sits at the machine, by uaccess, and for the group plugdev elsewhere. The HID
   * device is matched, which a virtual key has too, and not the USB device; of its interfaces that of
   * the key alone, where udev can tell.
   */
  String udevRule(HidKey key) {
    return ("SUBSYSTEM==\"hidraw\", KERNELS==\"0003:%04X:%04X.*\", %sTAG+=\"uaccess\","
            + " GROUP=\"plugdev\", MODE=\"0660\"")
        .formatted(
            key.vendorId(), key.productId(), knowsKeys() ? "ENV{ID_SECURITY_TOKEN}==\"1\", " : "");
  }

  /** Whether udev looks which interface is that of a key, as it does since systemd 244. */
  private boolean knowsKeys() {
    return exists("usr/lib/udev/rules.d/60-fido-id.rules")
        || exists("lib/udev/rules.d/60-fido-id.rules");
  }

  private AccessProblem sandbox(HidKey key) {
    String cure = exists(".flatpak-info")
        ? "flatpak override --device=all APPLICATION"
        : snap
            ? "snap connect APPLICATION:u2f-devices"
            : "start the container with --device=" + key.path();
    return new AccessProblem(
        Name.SANDBOX, "a container or sandbox hides " + key.path() + " from this program", cure);
  }

  /**
   * What is wrong if hidapi or JNA did not load. Java says why once; from then on only that a class
   * could not be initialised.
   *
   * @param before what was wrong the last time; null the first time
   */
  AccessProblem notLoaded(Throwable failure, @Nullable AccessProblem before) {
    String all = "";
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      all += cause + "\n";
      if (cause instanceof NoClassDefFoundError && before != null) {
        return before;
      }
      if (cause instanceof IllegalCallerException) {
        return new AccessProblem(
            Name.NATIVE_ACCESS_OFF,
            "Java was told to refuse native code",
            "java --enable-native-access=ALL-UNNAMED (on the module path: com.sun.jna)");
      }
    }
    return new AccessProblem(
        Name.NO_NATIVE_LIBRARY, "the native library for USB devices cannot be loaded", cure(all));
  }

  private static String cure(String said) {
    if (said.contains("GLIBC_")) {
      return "it needs glibc 2.33 or later, as Debian 12, Ubuntu 22.04 and RHEL 9 have it";
    }
    if (said.contains("libudev")) {
      return "install libudev (apt-get install libudev1)";
    }
    if (said.contains("failed to map segment")
        || said.contains("not permitted")
        || said.contains("temporary directory")) {
      return "name a directory that may hold programs: java -Djna.tmpdir=DIRECTORY";
    }
    if (said.contains("wrong ELF class")
        || said.contains("incompatible architecture")
        || said.contains("not found in resource path")) {
      return "it is there for Linux (x86-64, arm, arm64, riscv64; with glibc, not musl), macOS and"
          + " Windows (x86, x86-64, arm64): use a Java of the machine's own architecture";
    }
    String first = said.lines().findFirst().orElse("");
    return "see what Java says: " + (first.length() > 300 ? first.substring(0, 300) : first);
  }

  private static AccessProblem notElevated() {
    return new AccessProblem(
        Name.NOT_ELEVATED,
        "Windows shows security keys only to programs that run as administrator",
        WINDOWS_CURE);
  }

  private static AccessProblem unexplained(String said) {
    return new AccessProblem(
        Name.CANNOT_OPEN,
        "the key cannot be opened" + (said.isEmpty() ? "" : " (" + said + ")"),
        "take it out, put it in again, and close other programs that use it");
  }

  private boolean linux() {
    return system.startsWith("Linux");
  }

  private boolean windows() {
    return system.startsWith("Windows");
  }

  private boolean mac() {
    return system.startsWith("Mac");
  }

  private boolean exists(String path) {
    return Files.exists(root.resolve(path));
  }

  private boolean wsl() {
    return exists("proc/sys/fs/binfmt_misc/WSLInterop") || exists("run/WSL");
  }
}
