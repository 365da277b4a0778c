package org.u2f4j.client;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.StatusException;
import org.u2f4j.apdu.StatusWord;
import org.u2f4j.apdu.Transport;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.ErrorCode;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.json.RegisteredKey;
import org.u2f4j.json.SignRequest;
import org.u2f4j.json.SignResponse;
import org.u2f4j.message.AuthenticationRequest;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.Control;
import org.u2f4j.message.RegistrationRequest;
import org.u2f4j.message.RegistrationResponse;

/**
 * The part that a browser used to play: takes the relying party's request, checks it, asks the key,
 * and gives the answer for the relying party (FIDO U2F JavaScript API, section 3).
 */
public final class U2fClient {
  /**
   * A registration for nobody: Chromium's values, which keys with a screen recognise and show as
   * "touch to continue" and not as a registration.
   */
  private static final RegistrationRequest BLINK = new RegistrationRequest(
      new ChallengeParameter(repeated(0x42)), new ApplicationParameter(repeated(0x41)));

  /** Each may cost a fetch from an address that the request names. */
  private static final int MAX_APP_IDS = 8;

  private final FacetRule facetRule;
  private final TouchPolling polling;

  /**
   * A client.
   *
   * @param facetRule who may use which AppID
   * @param polling how to wait for a touch, and whom to tell
   */
  public U2fClient(FacetRule facetRule, TouchPolling polling) {
    this.facetRule = facetRule;
    this.polling = polling;
  }

  private static Bytes repeated(int value) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) value);
    return Bytes.of(bytes);
  }

  /**
   * Registers a key.
   *
   * <p>A key that has one of the registrations in the request is asked for a touch all the same, so
   * that the person sees which key is meant, and then refused.
   *
   * @param request what the relying party sent
   * @param origin the facet id of the caller, such as {@code https://example.com}
   * @param key what reaches the key; stays open
   * @param deadline when to give up, at the latest; the request may ask for less
   * @return the answer for the relying party
   * @throws ErrorCodeException if it cannot be done, with the code for the relying party and the
   *     reason for people; the cause is what the key or the wire said
   * @throws InterruptedException if the thread is interrupted, at once
   */
  public RegisterResponse register(
      RegisterRequest request, String origin, Transport key, Deadline deadline)
      throws ErrorCodeException, InterruptedException {
    return mapErrors(
        token -> {
          Deadline end = limited(deadline, request.timeoutSeconds());
          ClientData clientData = ClientData.of(ClientData.REGISTER, request.challenge(), origin);
          AppIds appIds = new AppIds(origin, end);
          RegistrationRequest message = new RegistrationRequest(
              clientData.challengeParameter(), appIds.application(request.appId()));
          List<Candidate> excluded = new ArrayList<>();
          for (RegisteredKey known : request.registeredKeys()) {
            AppId appId = known.appId() == null ? request.appId() : known.appId();
            candidate(known, appIds.application(appId), clientData).ifPresent(excluded::add);
          }
          for (Candidate known : excluded) {
            if (token.owns(known.message(), end)) {
              blink(token, end);
              throw new ErrorCodeException(
                  ErrorCode.DEVICE_INELIGIBLE, "this key is registered already");
            }
          }
          RegistrationResponse registration =
              polling.poll(left -> token.register(message, left), end);
          return new RegisterResponse(registration, clientData);
        },
        key);
  }

  /** Waits for a touch; what else the key makes of it does not matter. */
  private void blink(U2fToken token, Deadline end) throws IOException, InterruptedException {
    try {
      polling.poll(left -> token.register(BLINK, left), end);
    } catch (StatusException | FormatException e) {
      // it refuses a registration for nobody, or its answer does not parse: it has answered
    }
  }

  /**
   * Signs with the first registration in the request that the key has.
   *
   * @param request what the relying party sent
   * @param origin the facet id of the caller, such as {@code https://example.com}
   * @param key what reaches the key; stays open
   * @param deadline when to give up, at the latest; the request may ask for less
   * @return the answer for the relying party
   * @throws ErrorCodeException if it cannot be done, with the code for the relying party and the
   *     reason for people; the cause is what the key or the wire said
   * @throws InterruptedException if the thread is interrupted, at once
   */
  public SignResponse sign(SignRequest request, String origin, Transport key, Deadline deadline)
      throws ErrorCodeException, InterruptedException {
    return mapErrors(
        token -> {
          Deadline end = limited(deadline, request.timeoutSeconds());
          AppIds appIds = new AppIds(origin, end);
          List<Candidate> candidates = new ArrayList<>();
          for (RegisteredKey known : request.registeredKeys()) {
            ClientData clientData =
                ClientData.of(ClientData.SIGN, request.challengeOf(known), origin);
            ApplicationParameter application = appIds.application(request.appIdOf(known));
            candidate(known, application, clientData).ifPresent(candidates::add);
          }
          for (Candidate known : candidates) {
            if (!token.owns(known.message(), end)) {
              continue;
            }
            try {
              AuthenticationResponse authentication =
                  polling.poll(left -> token.authenticate(known.message(), left), end);
              return new SignResponse(
                  known.message().keyHandle(), authentication, known.clientData());
            } catch (StatusException e) {
              if (!e.unknownKeyHandle()) {
                throw e;
              }
              // some keys claim every key handle and only find out when they sign
            }
          }
          throw new ErrorCodeException(
              ErrorCode.DEVICE_INELIGIBLE, "this key has none of the registrations asked for");
        },
        key);
  }

  private static Deadline limited(Deadline deadline, @Nullable Integer timeoutSeconds) {
    return timeoutSeconds == null ? deadline : deadline.atMost(Duration.ofSeconds(timeoutSeconds));
  }

  private record Candidate(AuthenticationRequest message, ClientData clientData) {}

  /** Nothing for a registration that no U2F key can have made. */
  private static Optional<Candidate> candidate(
      RegisteredKey key, ApplicationParameter application, ClientData clientData) {
    if (!key.version().equals(RegisteredKey.U2F_V2) || !key.keyHandle().fitsMessage()) {
      return Optional.empty();
    }
    AuthenticationRequest message = new AuthenticationRequest(
        Control.ENFORCE_USER_PRESENCE_AND_SIGN,
        clientData.challengeParameter(),
        application,
        key.keyHandle());
    return Optional.of(new Candidate(message, clientData));
  }

  /** The AppIDs of one request, each checked once and before any key hears of it. */
  private final class AppIds {
    private final Map<AppId, ApplicationParameter> allowed = new HashMap<>();
    private final String origin;
    private final Deadline deadline;

    AppIds(String origin, Deadline deadline) {
      this.origin = origin;
      this.deadline = deadline;
    }

    ApplicationParameter application(@Nullable AppId named)
        throws ErrorCodeException, InterruptedException {
      AppId appId = named == null ? new AppId("") : named;
      ApplicationParameter known = allowed.get(appId);
      if (known == null) {
        if (allowed.size() == MAX_APP_IDS) {
          throw new ErrorCodeException(
              ErrorCode.BAD_REQUEST, "a request names at most " + MAX_APP_IDS + " AppIDs");
        }
        known = facetRule.check(appId, origin, deadline).applicationParameter();
        allowed.put(appId, known);
      }
      return known;
    }
  }

  private interface Operation<T> {
    T run(U2fToken token)
        throws ErrorCodeException, IOException, StatusException, InterruptedException;
  }

  private static <T> T mapErrors(Operation<T> operation, Transport key)
      throws ErrorCodeException, InterruptedException {
    try {
      return operation.run(new U2fToken(key));
    } catch (DeadlineException e) {
      throw failed(ErrorCode.TIMEOUT, e);
    } catch (ClosedByInterruptException e) {
      Thread.interrupted(); // the exception takes its place
      throw new InterruptedException("interrupted while asking the key");
    } catch (IOException e) {
      throw failed(ErrorCode.OTHER_ERROR, e);
    } catch (StatusException e) {
      throw failed(code(e.status()), e);
    }
  }

  /** Some of the JDK's exceptions say nothing but their name. */
  private static ErrorCodeException failed(ErrorCode code, Exception cause) {
    String message = cause.getMessage();
    return new ErrorCodeException(code, message == null ? cause.toString() : message, cause);
  }

  private static ErrorCode code(StatusWord status) {
    boolean notU2f = status.equals(StatusWord.COMMAND_NOT_ALLOWED)
        || status.equals(StatusWord.INS_NOT_SUPPORTED)
        || status.equals(StatusWord.CLA_NOT_SUPPORTED);
    return notU2f ? ErrorCode.CONFIGURATION_UNSUPPORTED : ErrorCode.OTHER_ERROR;
  }
}
