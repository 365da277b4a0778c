import org.u2f4j.verifier.AuthenticationResult;
import org.u2f4j.verifier.PendingAuthentication;
import org.u2f4j.verifier.PendingRegistration;
import org.u2f4j.verifier.RegistrationResult;

/** Somebody with an account and a tab. Begins without registrations, and with no key plugged in. */
record Visit(Site site, Tab tab, String account) {
  PendingRegistration startRegistration() {
    return site.u2f.startRegistration(account);
  }

  PendingAuthentication startAuthentication() {
    return site.u2f.startAuthentication(account);
  }

  /** What the page answers: JSON, or an error such as "NotAllowedError: ...". */
  String answer(PendingRegistration pending) throws Exception {
    return tab.run("register(%s)".formatted(site.creationOptions(pending)));
  }

  String answer(PendingAuthentication pending) throws Exception {
    return tab.run("signIn(%s)".formatted(site.webAuthn.requestOptions(pending)));
  }

  RegistrationResult register() throws Exception {
    PendingRegistration pending = startRegistration();
    return site.webAuthn.finishRegistration(pending, json(answer(pending)));
  }

  AuthenticationResult signIn() throws Exception {
    PendingAuthentication pending = startAuthentication();
    return site.webAuthn.finishAuthentication(pending, json(answer(pending)));
  }

  static String json(String said) throws Check.Failure {
    if (!said.startsWith("{")) {
      throw new Check.Failure("the page should have answered, it said " + said);
    }
    return said;
  }
}
