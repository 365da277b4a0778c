package org.u2f4j.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.u2f4j.verifier.Samples.NOW;
import static org.u2f4j.verifier.Samples.hex;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.function.Executable;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.SignRequest;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.verifier.AttestationResult.Trust;

/** Messages and certificates collected from elsewhere, in the folder that u2f4j.corpus names. */
@EnabledIfSystemProperty(
    named = CorpusTest.PROPERTY,
    matches = ".+",
    disabledReason = "no folder is named by -D" + CorpusTest.PROPERTY)
public class CorpusTest {
  /** The property that names the folder. */
  public static final String PROPERTY = "u2f4j.corpus";

  /** A test of one line. */
  public interface LineTest {
    /** Fails if the line is not met. */
    void test(Map<String, Object> line) throws Throwable;
  }

  /** Tests each line of a file; a file without any is an error. */
  public static void eachLine(String file, LineTest test) throws Exception {
    List<String> lines = Files.readAllLines(Path.of(System.getProperty(PROPERTY), file)).stream()
        .filter(line -> !line.isBlank())
        .toList();
    assertFalse(lines.isEmpty(), file);
    List<String> failures = new ArrayList<>();
    for (String text : lines) {
      Map<String, Object> line = Json.object(text);
      try {
        test.test(line);
      } catch (Throwable e) {
        failures.add(line.get("id") + ": " + e);
      }
    }
    assertEquals(List.of(), failures);
    System.out.println(file + ": " + lines.size() + " lines");
  }

  /**
   * Where the expectation is a matter of policy, the verdict is only printed. Known are certificates
   * with a UTCTime without seconds, which are read here.
   */
  public static boolean accepted(Map<String, Object> line, Executable finish) throws Throwable {
    String verdict = "accept";
    try {
      finish.execute();
    } catch (VerificationException e) {
      verdict = "reject";
      System.out.println(line.get("id") + ": " + e.reason() + ": " + e.getMessage());
    }
    if (line.get("policy").equals(true)) {
      System.out.println("policy, " + line.get("id") + ": " + verdict);
    } else {
      assertEquals(line.get("expected"), verdict, () -> String.valueOf(line.get("reason")));
    }
    return verdict.equals("accept");
  }

  private static RelyingParty party(RegistrationStore store, Map<String, Object> inputs) {
    AppId appId = new AppId((String) inputs.get("appId"));
    String[] facets =
        ((List<?>) inputs.get("facets")).stream().map(String.class::cast).toArray(String[]::new);
    return RelyingParty.builder(appId, store, AttestationTrust.acceptAny())
        .facets(facets)
        .clock(() -> NOW)
        .build();
  }

  @Test
  void registrations() throws Exception {
    eachLine("u2f-registrations.jsonl", line -> {
      Map<String, Object> inputs = Json.asObject(line.get("inputs"));
      if (line.get("expected").equals("parse-ok")) { // came without client data
        Bytes data = Bytes.fromBase64Url((String) inputs.get("registrationData"));
        AttestationCertificate certificate =
            AttestationCertificate.decode(RegistrationResponse.decode(data).certificate());
        System.out.println(line.get("id") + ": " + certificate + ", " + certificate.publicKey());
        return;
      }
      RegistrationStore store = RegistrationStore.inMemory();
      RegisterRequest request = new RegisterRequest(
          new AppId((String) inputs.get("appId")),
          (String) inputs.get("challenge"),
          List.of(),
          null,
          null);
      PendingRegistration pending = new PendingRegistration("alice", request, NOW.plusSeconds(1));
      String response = "{\"registrationData\": \"%s\", \"clientData\": \"%s\"}"
          .formatted(inputs.get("registrationData"), inputs.get("clientData"));
      boolean accepted =
          accepted(line, () -> party(store, inputs).finishRegistration(pending, response));
      assertEquals(accepted ? 1 : 0, store.registrations("alice").size());
    });
  }

  @Test
  void authentications() throws Exception {
    eachLine("u2f-authentications.jsonl", line -> {
      Map<String, Object> inputs = Json.asObject(line.get("inputs"));
      String keyHandle = (String) inputs.getOrDefault("keyHandle", "AQID");
      AppId appId = new AppId((String) inputs.get("appId"));
      Registration registration = new Registration(
          "alice",
          KeyHandle.fromBase64Url(keyHandle),
          UserPublicKey.decode(hex((String) inputs.get("publicKey"))),
          appId,
          (Long) inputs.get("storedCounter"),
          Bytes.EMPTY,
          List.of(),
          NOW,
          null,
          null);
      RegistrationStore store = RegistrationStore.inMemory();
      store.add(registration);
      SignRequest request = new SignRequest(
          appId,
          (String) inputs.get("challenge"),
          List.of(registration.registeredKey()),
          null,
          null);
      PendingAuthentication pending =
          new PendingAuthentication("alice", request, NOW.plusSeconds(1));
      String response = "{\"keyHandle\": \"%s\", \"signatureData\": \"%s\", \"clientData\": \"%s\"}"
          .formatted(keyHandle, inputs.get("signatureData"), inputs.get("clientData"));
      boolean accepted =
          accepted(line, () -> party(store, inputs).finishAuthentication(pending, response));
      assertEquals(
          accepted ? line.get("counter") : inputs.get("storedCounter"),
          store.registrations("alice").get(0).counter());
    });
  }

  /** The values of a name in the order in which the certificate has them. */
  private static List<String> values(String name, boolean reversed) throws InvalidNameException {
    List<String> values = new ArrayList<>(new LdapName(name.endsWith("\\") ? name + " " : name)
        .getRdns().stream().map(rdn -> text(rdn.getValue())).toList());
    if (!reversed) {
      Collections.reverse(values); // LdapName begins at the end
    }
    return values;
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes
        ? HexFormat.of().formatHex(bytes)
        : value.toString().replaceFirst("^#", "").toLowerCase(Locale.ROOT);
  }

  private static Optional<Instant> date(Object text) {
    String parsed = ((String) text).replaceAll(" +", " ");
    return Optional.of(ZonedDateTime.parse(
            parsed, DateTimeFormatter.ofPattern("MMM d HH:mm:ss yyyy z", Locale.ENGLISH))
        .toInstant());
  }

  @Test
  void certificates() throws Exception {
    eachLine("attestation-certs.jsonl", line -> {
      Bytes der = hex((String) line.get("certificate"));
      assertEquals(line.get("sha256"), der.sha256().hex());
      AttestationCertificate certificate = AttestationCertificate.decode(der);
      assertEquals(der, certificate.der());
      assertEquals(
          values((String) line.get("subject"), true), values(certificate.subject(), false));
      assertEquals(values((String) line.get("issuer"), true), values(certificate.issuer(), false));
      String serial = ((String) line.get("serial")).toLowerCase(Locale.ROOT);
      assertEquals(
          serial.replaceFirst("^0+(?=.)", "").replace("\\", ""), // ends so if it was cut off
          serial.endsWith("\\")
              ? certificate.serialNumber().substring(0, serial.length() - 1)
              : certificate.serialNumber());
      assertEquals(date(line.get("notBefore")), certificate.notBefore());
      assertEquals(date(line.get("notAfter")), certificate.notAfter());
      assertEquals(line.get("version"), (long) certificate.version());
      assertEquals(line.get("p256"), certificate.publicKey().isPresent());
      assertEquals(
          line.get("publicKey"),
          certificate.publicKey().map(key -> key.bytes().hex()).orElse(null));
      assertEquals(line.get("badUnusedBits"), certificate.repaired());
      if (line.get("ca").equals(false)) {
        assertFalse(certificate.isAuthority(0));
      }
      certificate.ignored().ifPresent(what -> System.out.println(line.get("id") + ": " + what));
    });
  }

  @Test
  void devicesFindTheirRoots() throws Exception {
    Map<AttestationCertificate, String> all =
        new TreeMap<>((one, other) -> one.der().hex().compareTo(other.der().hex()));
    List<AttestationCertificate> roots = new ArrayList<>();
    eachLine("attestation-certs.jsonl", line -> {
      AttestationCertificate certificate =
          AttestationCertificate.decode(hex((String) line.get("certificate")));
      String kind = (String) line.get("class");
      all.put(certificate, kind);
      if (kind.equals("fido-root-or-ca") || kind.equals("u2f-mds-root")) {
        roots.add(certificate);
      }
    });
    Map<String, Integer> trusted = new TreeMap<>();
    Set<String> issuers = new TreeSet<>();
    all.forEach((certificate, kind) -> {
      if (kind.endsWith("-device")) {
        AttestationResult result = TrustCheck.verdict(
                List.of(certificate), TrustAnswer.ofRoots(roots), NOW, true)
            .result();
        if (result.trust() == Trust.TRUSTED) {
          trusted.merge(kind, 1, Integer::sum);
          issuers.add(result.root().subject());
        }
      }
    });
    System.out.println("found their roots: " + trusted + " under " + issuers);
    // of the first such folder 8 and 14, two of them repaired: those that OpenSSL verifies too
    assertFalse(trusted.isEmpty());
  }
}
