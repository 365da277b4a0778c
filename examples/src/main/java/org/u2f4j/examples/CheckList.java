package org.u2f4j.examples;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.u2f4j.verifier.Reason;

/**
 * What a relying party checks, step by step, in its order: all before the one that refused went
 * well, and those behind it were not made.
 */
final class CheckList {
  record Check(String what, boolean good) {}

  private final List<Check> done = new ArrayList<>();

  List<Check> all() {
    return List.copyOf(done);
  }

  boolean allGood() {
    return done.stream().allMatch(Check::good);
  }

  void add(String what, boolean good) {
    done.add(new Check(what, good));
  }

  static Map<String, Set<Reason>> ofRegistration(String origin) {
    Map<String, Set<Reason>> steps = new LinkedHashMap<>();
    steps.put("the request is ours and open", Set.of(Reason.WRONG_APP_ID, Reason.EXPIRED));
    clientData(steps, origin);
    steps.put(
        "the attestation certificate has a key on P-256",
        Set.of(Reason.MALFORMED_CERTIFICATE, Reason.WRONG_CERTIFICATE_KEY));
    steps.put(
        "the signature fits the key in the attestation certificate",
        Set.of(Reason.MALFORMED_SIGNATURE, Reason.WRONG_SIGNATURE));
    steps.put("the key handle is new", Set.of(Reason.KEY_HANDLE_KNOWN));
    return steps;
  }

  static Map<String, Set<Reason>> ofAuthentication(String origin, String counter) {
    Map<String, Set<Reason>> steps = new LinkedHashMap<>();
    steps.put("the request is ours and open", Set.of(Reason.WRONG_APP_ID, Reason.EXPIRED));
    steps.put("the key handle was asked for", Set.of(Reason.UNKNOWN_KEY_HANDLE));
    clientData(steps, origin);
    steps.put("the key was touched", Set.of(Reason.USER_NOT_PRESENT));
    steps.put(
        "the signature fits the registered key",
        Set.of(Reason.MALFORMED_SIGNATURE, Reason.WRONG_SIGNATURE));
    steps.put("the counter went up" + counter, Set.of(Reason.COUNTER_REFUSED));
    return steps;
  }

  private static void clientData(Map<String, Set<Reason>> steps, String origin) {
    steps.put("the type is that of the request", Set.of(Reason.WRONG_TYPE));
    steps.put("the challenge is the one sent", Set.of(Reason.WRONG_CHALLENGE));
    steps.put("the origin is " + origin, Set.of(Reason.WRONG_ORIGIN));
  }

  /** All steps went well. */
  void passed(String which, Map<String, Set<Reason>> steps) {
    steps.keySet().forEach(step -> add(which + ": " + step, true));
  }

  /** The steps up to the one that has this reason, which failed. */
  void refused(String which, Map<String, Set<Reason>> steps, Reason reason) {
    for (Map.Entry<String, Set<Reason>> step : steps.entrySet()) {
      boolean good = !step.getValue().contains(reason);
      add(which + ": " + step.getKey(), good);
      if (!good) {
        return;
      }
    }
    add(which + ": " + reason, false);
  }
}
