package org.u2f4j.verifier;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.u2f4j.Bytes;
import org.u2f4j.KeyHandle;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.message.RegistrationRequest;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.soft.SoftwareKey;

/** Measures, by hand, what a registration in memory takes; each is read from its own message. */
final class InMemorySize {
  private static final int COUNT = 100_000;

  private InMemorySize() {}

  /**
   * Prints bytes per registration, at first and when each was used once.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) throws Exception {
    RegistrationStore store = RegistrationStore.inMemory();
    RelyingParty party = RelyingParty.builder(
            CounterKey.APP_ID, store, AttestationTrust.acceptAny())
        .engine(CounterKey.CREDULOUS)
        .build();
    RegistrationResponse sample = sample();
    Random random = new Random(1);
    register(party, sample, random, -1); // loads classes and the certificate
    long before = used();
    for (int i = 0; i < COUNT; i++) {
      register(party, sample, random, i);
    }
    long registered = used();
    System.out.printf("%d bytes each when registered%n", (registered - before) / COUNT);
    for (int i = 0; i < COUNT; i++) {
      Registration seen = store.registrations("account " + i).get(0);
      store.advance(seen, 1_000 + i, Instant.now());
    }
    System.out.printf("%d bytes each when used%n", (used() - before) / COUNT);
    System.out.println(party.startAuthentication("account 1"));
  }

  private static RegistrationResponse sample() throws Exception {
    RegistrationRequest request = new RegistrationRequest(
        ClientData.of(ClientData.REGISTER, "c", "o").challengeParameter(),
        CounterKey.APP_ID.applicationParameter());
    return RegistrationResponse.decode(SoftwareKey.create()
        .exchange(request.toCommand(), Deadline.after(Duration.ofMinutes(1)))
        .data());
  }

  private static void register(RelyingParty party, RegistrationResponse like, Random random, int i)
      throws Exception {
    byte[] keyHandle = new byte[64];
    random.nextBytes(keyHandle);
    PendingRegistration pending = party.startRegistration("account " + i);
    RegistrationResponse other = new RegistrationResponse(
        like.userPublicKey(),
        new KeyHandle(Bytes.of(keyHandle)),
        like.certificate(),
        like.signature());
    ClientData clientData =
        ClientData.of(ClientData.REGISTER, pending.challenge(), CounterKey.APP_ID.value());
    String json = new RegisterResponse(other, clientData).toJson();
    party.finishRegistration(pending, json);
  }

  private static long used() throws InterruptedException {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 4; i++) {
      System.gc();
      Thread.sleep(50);
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
