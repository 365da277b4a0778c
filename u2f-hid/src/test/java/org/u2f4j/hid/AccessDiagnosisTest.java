package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.u2f4j.hid.AccessProblem.Name;

class AccessDiagnosisTest {
  private static final HidKey KEY =
      new HidKey("/dev/hidraw3", 0x1050, 0x0407, 0, "Yubico", "YubiKey", "", "");

  @TempDir
  Path root;

  private AccessDiagnosis linux;

  @BeforeEach
  void aLinuxThatShowsHidDevices() throws IOException {
    linux = diagnosis("Linux", file -> true, false);
    Files.createDirectories(root.resolve("sys/class/hidraw"));
    Files.createDirectories(root.resolve("dev"));
  }

  private AccessDiagnosis diagnosis(String system, Predicate<Path> usable, boolean elevated) {
    return new AccessDiagnosis(system, "6.1.0-9-amd64", root, usable, () -> elevated, false);
  }

  private AccessDiagnosis windows(boolean elevated) {
    return diagnosis("Windows 11", file -> true, elevated);
  }

  private void plugIn() throws IOException {
    Files.createDirectory(root.resolve("sys/class/hidraw/hidraw3"));
  }

  private AccessProblem cannotOpen(String said) {
    return linux.cannotOpen(KEY, said);
  }

  @Test
  void aListIsEmptyForWantOfAKeyOnASystemThatShowsThem() {
    assertEquals(Optional.empty(), linux.noKeyListed());
    assertEquals(Optional.empty(), windows(true).noKeyListed());
    assertEquals(Optional.empty(), diagnosis("Mac OS X", file -> true, false).noKeyListed());
  }

  @Test
  void aListIsEmptyWithoutHidraw() throws IOException {
    Files.delete(root.resolve("sys/class/hidraw"));
    AccessProblem problem = linux.noKeyListed().orElseThrow();
    assertEquals(Name.NO_HIDRAW, problem.name());
    assertTrue(problem.cure().contains("CONFIG_HIDRAW"), problem.cure());

    Files.createDirectories(root.resolve("run/WSL"));
    assertTrue(linux.noKeyListed().orElseThrow().cure().contains("usbipd"));
  }

  /** As on a server: Debian's kernel has HID as a module, and loads it when something is plugged in. */
  @Test
  void aListIsEmptyForWantOfAKeyWhereHidrawComesWithTheFirst() throws IOException {
    Files.delete(root.resolve("sys/class/hidraw"));
    Files.createDirectories(root.resolve("sys/bus/usb"));
    Path modules = Files.createDirectories(root.resolve("lib/modules/6.1.0-9-amd64"));
    Path list = modules.resolve("modules.dep");
    Files.writeString(list, "kernel/drivers/hid/usbhid/usbhid.ko: kernel/drivers/hid/hid.ko\n");
    assertEquals(Name.NO_HIDRAW, linux.noKeyListed().orElseThrow().name());

    Files.writeString(list, "kernel/a.ko.xz:\nkernel/drivers/hid/hid.ko.xz: kernel/b.ko.xz\n");
    assertEquals(Optional.empty(), linux.noKeyListed());

    // it is there, and brought none
    Files.createDirectories(root.resolve("sys/module/hid"));
    assertEquals(Name.NO_HIDRAW, linux.noKeyListed().orElseThrow().name());
  }

  @Test
  void aListIsEmptyOnWindowsWithoutElevation() {
    AccessProblem problem = windows(false).noKeyListed().orElseThrow();
    assertEquals(Name.NOT_ELEVATED, problem.name());
    assertTrue(problem.cure().contains("administrator"), problem.cure());
    assertTrue(problem.cure().contains("Privacy & security > Passkeys"), problem.cure());
  }

  @Test
  void rightsAreMissingWhereTheDeviceIsThereForOthersOnly() throws IOException {
    plugIn();
    Path device = Files.createFile(root.resolve("dev/hidraw3"));
    AccessProblem problem =
        diagnosis("Linux", file -> !file.equals(device), false).cannotOpen(KEY, "");
    assertEquals(Name.NO_PERMISSION, problem.name());
    assertTrue(problem.cure().contains(linux.udevRule(KEY)), problem.cure());

    assertEquals(Name.CANNOT_OPEN, cannotOpen("No space left").name());
    assertTrue(cannotOpen("No space left").sentence().contains("No space left"));
  }

  @Test
  void theUdevRuleIsForThisKeyAndNotForItsKeyboardWhereUdevCanTell() throws IOException {
    assertEquals(
        "SUBSYSTEM==\"hidraw\", KERNELS==\"0003:1050:0407.*\", TAG+=\"uaccess\","
            + " GROUP=\"plugdev\", MODE=\"0660\"",
        linux.udevRule(KEY));
    Files.createDirectories(root.resolve("usr/lib/udev/rules.d"));
    Files.createFile(root.resolve("usr/lib/udev/rules.d/60-fido-id.rules"));
    assertEquals(
        "SUBSYSTEM==\"hidraw\", KERNELS==\"0003:1050:0407.*\", ENV{ID_SECURITY_TOKEN}==\"1\","
            + " TAG+=\"uaccess\", GROUP=\"plugdev\", MODE=\"0660\"",
        linux.udevRule(KEY));
  }

  @Test
  void aDeviceThatTheSystemKnowsAndDoesNotShowIsHiddenByASandbox() throws IOException {
    plugIn();
    assertEquals(Name.SANDBOX, cannotOpen("").name());
    assertTrue(cannotOpen("").cure().contains("--device=/dev/hidraw3"));
    Files.createFile(root.resolve(".flatpak-info"));
    assertTrue(cannotOpen("").cure().contains("flatpak"));
    Files.delete(root.resolve(".flatpak-info"));
    AccessDiagnosis snap = new AccessDiagnosis("Linux", "", root, file -> true, () -> false, true);
    assertTrue(snap.cannotOpen(KEY, "").cure().contains("snap connect"));
  }

  @Test
  void aDeviceThatTheSystemDoesNotKnowAnyMoreIsUnplugged() {
    assertEquals(AccessProblem.UNPLUGGED, cannotOpen("No such file or directory"));
  }

  @Test
  void aMacLetsOneProgramHaveAKeyForItself() {
    AccessDiagnosis mac = diagnosis("Mac OS X", file -> true, false);
    assertEquals(
        Name.HELD_BY_ANOTHER_PROGRAM,
        mac.cannotOpen(KEY, "hid_open_path: failed to open IOHIDDevice: (0xE00002C5) exclusive")
            .name());
    assertEquals(Name.CANNOT_OPEN, mac.cannotOpen(KEY, "").name());
  }

  @Test
  void windowsMayOpenAKeyThatTakesNothing() {
    assertEquals(Name.NOT_ELEVATED, windows(false).takesNothing().name());
    assertEquals(AccessProblem.UNPLUGGED, windows(true).takesNothing());
    assertEquals(AccessProblem.UNPLUGGED, linux.takesNothing());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/lib/libc.so.6: version `GLIBC_2.33' not found (required by libhidapi.so) | glibc 2.33",
        "libudev.so.1: cannot open shared object file: No such file | libudev1",
        "jna1.tmp: failed to map segment from shared object | jna.tmpdir",
        "JNA temporary directory '/tmp' is not writable | jna.tmpdir",
        "jna1.tmp: wrong ELF class: ELFCLASS64 | architecture",
        "Native library (sunos/libhidapi.so) not found in resource path | architecture",
        "something else | something else",
      })
  void aLibraryThatDoesNotLoadHasACure(String said, String cure) {
    AccessProblem problem = linux.notLoaded(new UnsatisfiedLinkError(said), null);
    assertEquals(Name.NO_NATIVE_LIBRARY, problem.name());
    assertTrue(problem.cure().contains(cure), problem.cure());
  }

  @Test
  void javaMayRefuseNativeCode() {
    IllegalCallerException refusal = new IllegalCallerException("Illegal native access");
    AccessProblem problem = linux.notLoaded(new IllegalStateException("hidapi", refusal), null);
    assertEquals(Name.NATIVE_ACCESS_OFF, problem.name());
    assertTrue(problem.cure().contains("--enable-native-access"), problem.cure());
  }

  @Test
  void whyTheLibraryDoesNotLoadIsSaidAgainThoughJavaForgetsIt() {
    IllegalCallerException refusal = new IllegalCallerException("Illegal native access");
    AccessProblem first = linux.notLoaded(new ExceptionInInitializerError(refusal), null);
    Throwable forgotten = new NoClassDefFoundError("Could not initialize class HidApi")
        .initCause(new ExceptionInInitializerError("Exception ExceptionInInitializerError"));
    IllegalStateException again = new IllegalStateException("Hidapi did not initialise", forgotten);
    assertEquals(first, linux.notLoaded(again, first));

    assertEquals(Name.NO_NATIVE_LIBRARY, linux.notLoaded(again, null).name());
    assertEquals(
        Name.NO_NATIVE_LIBRARY,
        linux.notLoaded(new UnsatisfiedLinkError("other"), first).name());
  }

  @Test
  void windowsMayShowAKeyThatItDoesNotLetOpen() {
    assertEquals(
        Name.NOT_ELEVATED, windows(false).cannotOpen(KEY, "Access is denied").name());
    assertEquals(
        Name.CANNOT_OPEN, windows(true).cannotOpen(KEY, "Access is denied").name());
  }

  private AccessProblem found(Name name) throws IOException {
    return switch (name) {
      case U2F_OFF -> AccessProblem.U2F_OFF;
      case SYSTEM_BUSY -> AccessProblem.SYSTEM_BUSY;
      case UNPLUGGED -> cannotOpen("");
      case NO_PERMISSION -> {
        Files.createFile(root.resolve("dev/hidraw3"));
        yield diagnosis("Linux", file -> false, false).cannotOpen(KEY, "");
      }
      case NO_HIDRAW -> {
        Files.delete(root.resolve("sys/class/hidraw"));
        yield linux.noKeyListed().orElseThrow();
      }
      case SANDBOX -> {
        plugIn();
        yield cannotOpen("");
      }
      case NOT_ELEVATED -> windows(false).noKeyListed().orElseThrow();
      case HELD_BY_ANOTHER_PROGRAM ->
        diagnosis("Mac OS X", file -> true, false).cannotOpen(KEY, "0xe00002c5");
      case NO_NATIVE_LIBRARY -> linux.notLoaded(new UnsatisfiedLinkError("not there"), null);
      case NATIVE_ACCESS_OFF -> linux.notLoaded(new IllegalCallerException(), null);
      case CANNOT_OPEN -> windows(true).cannotOpen(KEY, "");
    };
  }

  @ParameterizedTest
  @EnumSource
  void everyProblemHasANameASentenceAndACure(Name name) throws IOException {
    AccessProblem problem = found(name);
    assertEquals(name, problem.name());
    assertTrue(problem.sentence().matches("[^\\n]*[^\\s.]"), problem.sentence());
    assertFalse(problem.cure().isBlank());
    AccessException e = new AccessException(problem);
    assertEquals(problem.sentence() + ": " + problem.cure(), e.getMessage());
    assertEquals(problem, e.problem());
  }
}
