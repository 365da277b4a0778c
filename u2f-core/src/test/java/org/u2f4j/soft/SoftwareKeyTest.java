package org.u2f4j.soft;

import java.io.IOException;
import java.time.Duration;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.KeyHandle;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.message.AuthenticationRequest;
import org.u2f4j.message.Control;
import org.u2f4j.message.RegistrationRequest;
import org.u2f4j.message.RegistrationResponse;

class SoftwareKeyTest {
  private static final Deadline DEADLINE = Deadline.after(Duration.ofMinutes(10));
  private static final ChallengeParameter CHALLENGE =
      ChallengeParameter.of(Bytes.utf8("challenge"));
  private static final ApplicationParameter APPLICATION =
      new ApplicationParameter(Bytes.utf8("application").sha256());

  static RegistrationResponse register(SoftwareKey key) throws IOException, InterruptedException {
    return RegistrationResponse.decode(
        key.exchange(new RegistrationRequest(CHALLENGE, APPLICATION).toCommand(), DEADLINE)
            .data());
  }

  static AuthenticationRequest authenticate(Bytes handle) {
    return new AuthenticationRequest(
        Control.ENFORCE_PRESENCE_AND_SIGN, CHALLENGE, APPLICATION, new KeyHandle(handle));
  }
}
