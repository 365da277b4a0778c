package org.u2f4j.examples.account;

import java.util.List;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.json.CreationOptions;
import org.u2f4j.json.ErrorCode;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.verifier.AttestationTrust;
import org.u2f4j.verifier.AuthenticationResult;
import org.u2f4j.verifier.EcdsaEngine;
import org.u2f4j.verifier.PendingAuthentication;
import org.u2f4j.verifier.PendingRegistration;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.RegistrationResult;
import org.u2f4j.verifier.RelyingParty;
import org.u2f4j.verifier.VerificationException;
import org.u2f4j.verifier.webauthn.WebAuthnRelyingParty;

/**
 * The site that keys are bound to. Keys are asked and answer in the JSON of WebAuthn, whether by a
 * browser or by the terminal, so that a key that was added by one signs in by the other.
 *
 * @param rpId the RP ID, such as {@code localhost} or {@code example.org}: for ever, since keys that
 *     were added answer to no other
 * @param name what people call the site
 * @param origins who may ask keys: where pages come from, such as {@code https://example.org}, and
 *     what the terminal calls itself
 */
public record Site(String rpId, String name, List<String> origins) {
  /**
   * Copies the list.
   *
   * @param rpId the RP ID
   * @param name what people call the site
   * @param origins who may ask keys, one at least
   */
  public Site {
    origins = List.copyOf(origins);
  }

  /** The relying party for one transaction, with whose end its store ends. */
  Asker in(Transaction transaction) {
    RelyingParty party = RelyingParty.builder(
            new AppId(rpId), transaction.keys(), AttestationTrust.acceptAny())
        .facets(origins.toArray(String[]::new))
        .engine(EcdsaEngine.jdk())
        .clock(transaction::now)
        .build();
    return new Asker(party, WebAuthnRelyingParty.builder(party, rpId).name(name).build());
  }

  /** Asks keys, and checks their answers. */
  record Asker(RelyingParty party, WebAuthnRelyingParty webAuthn) {
    /** The account's id has 128 random bits, as a user handle should. */
    String options(PendingRegistration pending, String email) {
      Bytes user = Bytes.utf8(pending.account());
      return webAuthn.creationOptions(pending, new CreationOptions.User(user, email, email));
    }

    String options(PendingAuthentication pending) {
      return webAuthn.requestOptions(pending);
    }

    RegistrationResult finish(PendingRegistration pending, String responseJson)
        throws VerificationException {
      requireAnswer(responseJson);
      return webAuthn.finishRegistration(pending, responseJson);
    }

    AuthenticationResult finish(PendingAuthentication pending, String responseJson)
        throws VerificationException {
      requireAnswer(responseJson);
      return webAuthn.finishAuthentication(pending, responseJson);
    }

    /** WebAuthn has no form for a failure: it comes as {@code {"errorCode":5}}, which is that of U2F. */
    private static void requireAnswer(String responseJson) throws VerificationException {
      Integer code;
      try {
        code = JsonObject.parse(responseJson).optionalInt("errorCode");
      } catch (FormatException e) {
        return; // whoever reads the answer will say so
      }
      if (code != null && code != ErrorCode.OK.value()) {
        throw new VerificationException(
            Reason.CLIENT_ERROR,
            "error code " + code,
            new ErrorCodeException(ErrorCode.of(code), "the client says so"));
      }
    }
  }
}
