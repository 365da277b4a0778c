package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.hid.AccessProblem;
import org.u2f4j.hid.HidConnection;
import org.u2f4j.hid.HidKey;
import org.u2f4j.hid.HidKeys;
import org.u2f4j.hid.token.HidToken;
import org.u2f4j.soft.SoftwareKey;

/** The virtual key before a kernel in memory. */
class VirtualKeyTest {
  private final Kernel kernel = new Kernel();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final HidToken token = new HidToken(SoftwareKey.create());
  private final ExecutorService program = Executors.newSingleThreadExecutor();
  private Future<Void> served;

  @AfterEach
  void endTheProgram() {
    program.shutdownNow();
  }

  private void plugIn() throws IOException {
    UhidPort port = new UhidPort(
        kernel.in, kernel.out, () -> closed.set(true), token.reportDescriptor().encode());
    served = program.submit(() -> {
      new VirtualKey(token, port, () -> {}).serve();
      return null;
    });
  }

  private static String text(ByteBuffer event, int length) {
    byte[] bytes = new byte[length];
    event.get(bytes);
    return new String(bytes, StandardCharsets.US_ASCII).replaceFirst("\0+$", "");
  }

  @Test
  void tellsTheKernelWhatItIs() throws Exception {
    plugIn();
    ByteBuffer event = kernel.next();
    assertEquals(Kernel.CREATE2, event.getInt());
    assertEquals("u2f4j software key TEST", text(event, 128));
    assertEquals("", text(event, 64));
    assertTrue(text(event, 64).matches("[0-9a-f]{16}"));
    assertEquals(34, event.getShort());
    assertEquals(3, event.getShort()); // BUS_USB
    assertEquals(0x1209, event.getInt());
    assertEquals(0x0001, event.getInt());
    event.getLong(); // version and country
    byte[] descriptor = new byte[34];
    event.get(descriptor);
    assertEquals(
        "06d0f10901a1010920150026ff007508954081020921150026ff00750895409102c0",
        HexFormat.of().formatHex(descriptor)); // as keys have it
  }

  @Test
  void isAKeyForPrograms() throws Exception {
    plugIn();
    kernel.next();
    kernel.send(Kernel.START, new byte[8]);
    HidKeys finder = new HidKeys() {
      @Override
      public List<HidKey> list(Deadline deadline) {
        return List.of(new HidKey("/dev/hidraw0", 0x1209, 1, 0, "", "", "", ""));
      }

      @Override
      public Optional<AccessProblem> whyNone() {
        return Optional.empty();
      }

      @Override
      public HidConnection open(HidKey key, Deadline deadline) {
        return kernel;
      }
    };
    Session ping = Session.with(finder, "", "ping", "-s", "7609", "-n", "2");
    assertEquals(0, ping.exit(), ping.err());
    Session registered = Session.with(
        finder,
        "{\"challenge\":\"AAAA\",\"appId\":\"https://example.com\"}",
        "register",
        "--origin",
        "https://example.com");
    assertEquals(0, registered.exit(), registered.err());

    kernel.send(Kernel.STOP);
    ExecutionException end =
        assertThrows(ExecutionException.class, () -> served.get(1, TimeUnit.MINUTES));
    assertEquals("the kernel has taken the device out", end.getCause().getMessage());
    assertEquals(Kernel.DESTROY, kernel.next().getInt());
    assertTrue(closed.get());
  }

  @Test
  void takesReportsWithoutANumberBeforeThem() throws Exception {
    plugIn();
    kernel.next();
    byte[] event = new byte[4096 + 2 + 1];
    byte[] init = HexFormat.of().parseHex("ffffffff8600080102030405060708");
    System.arraycopy(init, 0, event, 0, init.length);
    ByteBuffer.wrap(event).order(ByteOrder.nativeOrder()).putShort(4096, (short) 64);
    kernel.send(Kernel.OUTPUT, event);
    ByteBuffer answer = kernel.next();
    assertEquals(Kernel.INPUT2, answer.getInt());
    assertEquals(64, answer.getShort());
    byte[] start = new byte[init.length];
    answer.get(start);
    assertEquals("ffffffff8600110102030405060708", HexFormat.of().formatHex(start));
  }

  @Test
  void hasNoFeatureReports() throws Exception {
    plugIn();
    kernel.next();
    for (int[] each : new int[][] {
      {Kernel.GET_REPORT, Kernel.GET_REPORT_REPLY}, {Kernel.SET_REPORT, Kernel.SET_REPORT_REPLY}
    }) {
      kernel.send(each[0], (byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 0, (byte) 0);
      ByteBuffer reply = kernel.next();
      assertEquals(each[1], reply.getInt());
      byte[] id = new byte[4];
      reply.get(id);
      assertEquals("01020304", HexFormat.of().formatHex(id));
      assertEquals(5, reply.getShort()); // EIO
    }
  }

  @Test
  void takesTheDeviceOutWhenItIsInterrupted() throws Exception {
    plugIn();
    kernel.next();
    kernel.send(Kernel.GET_REPORT, new byte[6]);
    kernel.next(); // it is serving
    served.cancel(true);
    assertEquals(Kernel.DESTROY, kernel.next().getInt());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void noticesThatAGadgetWasTakenOutAndIsAnotherOneNow(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("hidg0"));
    try (GadgetPort port = new GadgetPort(file)) {
      port.requireThere();
      Files.move(file, folder.resolve("gone"));
      assertThrows(EOFException.class, port::requireThere);
      Files.createFile(file);
      assertThrows(EOFException.class, port::requireThere);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void saysWhyItCannotBePluggedIn() {
    Object[][] cases = {
      {Session.of("", "virtual-key"), 2, "give one of --uhid and --gadget FILE"},
      {
        Session.of("", "virtual-key", "--uhid", "--gadget", "/dev/hidg0"),
        2,
        "give one of --uhid and --gadget FILE"
      },
      {
        Session.of("", "virtual-key", "--gadget", "/nonexistent"),
        5,
        "there is no /nonexistent; a USB gadget with a HID function makes it"
      },
    };
    for (Object[] row : cases) {
      Session session = (Session) row[0];
      assertEquals(row[1], session.exit());
      assertEquals(
          "u2f virtual-key: " + row[2], session.err().lines().findFirst().orElseThrow());
    }
  }
}
