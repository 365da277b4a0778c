package org.u2f4j.hid.token;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.apdu.StatusWord;
import org.u2f4j.hid.CtapHidDevice;
import org.u2f4j.message.VersionRequest;
import org.u2f4j.soft.SoftwareKey;

class TokenWireTest {
  private static final ResponseApdu VERSION =
      new ResponseApdu(VersionRequest.U2F_V2, StatusWord.NO_ERROR);

  @Test
  void theExampleOfThePackageWorks() throws Exception {
    HidToken token = new HidToken(SoftwareKey.create());
    TokenWire wire = new TokenWire(token);
    Deadline deadline = Deadline.after(Duration.ofSeconds(30));
    try (CtapHidDevice device =
        CtapHidDevice.open(wire.connect(), CtapHidDevice.SILENT, deadline)) {
      token.inject(Fault.busy(3));
      token.inject(Fault.foreignPackets());
      ResponseApdu version = device.exchange(new VersionRequest().toCommand(), deadline);
      assertEquals(VERSION, version);
    }
  }
}
