package org.u2f4j.examples.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SenderTest {
  private static String address(String... lines) throws Exception {
    InetAddress peer = InetAddress.getByAddress("proxy", new byte[] {10, 0, 0, 1});
    return Sender.address(peer, Arrays.asList(lines));
  }

  @Test
  void withoutAServerInFrontItIsThePeers() throws Exception {
    assertEquals("127.0.0.1", Sender.address(InetAddress.getLoopbackAddress(), null));
    assertEquals(
        "fe80:0:0:0:0:0:0:1", Sender.address(InetAddress.getByName("fe80::1%1"), List.of()));
    assertEquals("10.0.0.1", address());
  }

  @Test
  void theLastValueOfTheLastLineIsTheServersWord() throws Exception {
    assertEquals("198.51.100.2", address("192.0.2.1,198.51.100.2"));
    assertEquals("198.51.100.2", address("192.0.2.1, 192.0.2.9", "192.0.2.7 , 198.51.100.2 "));
    assertEquals("198.51.100.2", address("no address", "198.51.100.2"));
  }

  @Test
  void anAddressIsWrittenOneWay() throws Exception {
    String ipv6 = "2001:db8:0:0:0:0:0:a";
    for (String written : List.of(
        "2001:DB8::a",
        "2001:0db8:0000:0000:0000:0000:0000:000A",
        "[2001:db8::A]",
        "[2001:db8:0::a]:443")) {
      assertEquals(ipv6, address(written));
    }
    for (String written :
        List.of("192.0.2.1:8080", "::ffff:192.0.2.1", "[::FFFF:c000:201]:1", "192.0.2.1")) {
      assertEquals("192.0.2.1", address(written));
    }
  }

  @Test
  void whatIsNoAddressIsThePeers() throws Exception {
    for (String other : List.of(
        "",
        ",",
        "192.0.2.1,",
        "unknown",
        "_hidden",
        "localhost",
        "cafe",
        "192.0.2",
        "3221225985",
        "192.0.2.256",
        "192.0.2.01",
        "0x7f.0.0.1",
        "1.2.3.4.5",
        "192.0.2.1:",
        "192.0.2.1:port",
        "192.0.2.1 evil",
        "[2001:db8::1",
        "2001:db8::1]",
        "2001:db8::1::2",
        "2001:db8",
        ":",
        "::1%lo",
        "1:2:3:4:5:6:7:8:9",
        "\"192.0.2.1\"",
        "for=192.0.2.1")) {
      assertEquals("10.0.0.1", address("192.0.2.1", other), other);
    }
  }
}
