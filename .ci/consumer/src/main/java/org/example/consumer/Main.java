package org.example.consumer;

import java.time.Duration;
import java.util.List;
import org.u2f4j.AppId;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.client.FacetRule;
import org.u2f4j.client.TouchPolling;
import org.u2f4j.client.TrustedFacets;
import org.u2f4j.client.U2fClient;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.json.RegisteredKey;
import org.u2f4j.json.SignRequest;
import org.u2f4j.json.SignResponse;
import org.u2f4j.soft.SoftwareKey;
import org.u2f4j.soft.UserPresence;

/** Registers a software key and signs with it, over every layer that a consumer compiles against. */
final class Main {
  private Main() {}

  public static void main(String[] args) throws Exception {
    String origin = "https://example.com";
    AppId appId = new AppId(origin);
    FacetRule rule = FacetRule.trustedFacets(TrustedFacets.overHttp());
    U2fClient client = new U2fClient(rule, new TouchPolling(TouchPolling.SILENT));
    SoftwareKey key = SoftwareKey.create().withUserPresence(UserPresence.after(1));
    Deadline deadline = Deadline.after(Duration.ofSeconds(30));

    RegisterRequest register = new RegisterRequest(appId, "Y2hhbGxlbmdl", List.of(), null, 7);
    RegisterResponse registered = client.register(register, origin, key, deadline);
    RegisteredKey known = new RegisteredKey(registered.registration().keyHandle());
    SignRequest sign =
        SignRequest.decode(new SignRequest(appId, "Y2hhbGxlbmdl", List.of(known)).toJson());
    SignResponse signed = client.sign(sign, origin, key, deadline);
    if (signed.authentication().counter() != 1 || !signed.authentication().userPresent()) {
      throw new AssertionError(signed);
    }
    System.out.println("consumer in " + Main.class.getModule() + ": " + sign.reply(signed));
  }
}
