package org.u2f4j.verifier;

import com.yubico.u2f.U2F;
import com.yubico.u2f.data.DeviceRegistration;
import com.yubico.u2f.data.messages.RegisterRequest;
import com.yubico.u2f.data.messages.RegisterRequestData;
import com.yubico.u2f.data.messages.RegisterResponse;
import com.yubico.u2f.data.messages.SignRequest;
import com.yubico.u2f.data.messages.SignRequestData;
import com.yubico.u2f.data.messages.SignResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * u2flib-server-core, with the Bouncy Castle that it depends on. It parses the same U2F JSON and checks type, challenge,
 * origin, key handle, signature, user presence and counter; of an attestation certificate, that it parses and signed.
 * A stored registration is what verification changes, so each check gets a new one.
 */
@SuppressWarnings("deprecation")
final class U2fLib implements Candidate {
  private static final Set<String> FACETS = Set.of(Message.ORIGIN);
  private final U2F u2f = new U2F();

  @Override
  public Check authentication(List<Message> messages) {
    record Pending(
        String keyHandle,
        String publicKey,
        long counter,
        SignRequestData request,
        String response) {}
    String appId = Message.APP_ID.value();
    List<Pending> pendings = new ArrayList<>();
    for (Message message : messages) {
      String keyHandle = message.keyHandle().base64Url();
      SignRequest request = SignRequest.builder()
          .challenge(message.challenge())
          .appId(appId)
          .keyHandle(keyHandle)
          .build();
      pendings.add(new Pending(
          keyHandle,
          message.publicKey().bytes().base64Url(),
          message.counter() - 1,
          new SignRequestData(appId, message.challenge(), List.of(request)),
          message.u2fResponse()));
    }
    return index -> {
      Pending pending = pendings.get(index);
      DeviceRegistration device = new DeviceRegistration(
          pending.keyHandle(), pending.publicKey(), "", pending.counter(), false);
      u2f.finishSignature(
          pending.request(), SignResponse.fromJson(pending.response()), List.of(device), FACETS);
    };
  }

  @Override
  public Check registration(List<Message> messages) {
    String appId = Message.APP_ID.value();
    List<RegisterRequestData> requests = new ArrayList<>();
    for (Message message : messages) {
      RegisterRequest request = new RegisterRequest(message.challenge(), appId);
      requests.add(new RegisterRequestData(appId, List.of(), List.of(request)));
    }
    return index -> u2f.finishRegistration(
        requests.get(index), RegisterResponse.fromJson(messages.get(index).u2fResponse()), FACETS);
  }
}
