package org.u2f4j.verifier.webauthn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.verifier.Samples.NOW;
import static org.u2f4j.verifier.Samples.assertRefused;
import static org.u2f4j.verifier.Samples.hex;
import static org.u2f4j.verifier.Samples.repeat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.client.FacetRule;
import org.u2f4j.client.TouchPolling;
import org.u2f4j.client.U2fClient;
import org.u2f4j.client.WebAuthnClient;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.CreationOptions;
import org.u2f4j.json.CredentialDescriptor;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.json.RequestOptions;
import org.u2f4j.json.SignRequest;
import org.u2f4j.soft.SoftwareKey;
import org.u2f4j.verifier.AttestationResult.Trust;
import org.u2f4j.verifier.AttestationTrust;
import org.u2f4j.verifier.AuthenticationResult;
import org.u2f4j.verifier.CounterPolicy;
import org.u2f4j.verifier.CounterVerdict;
import org.u2f4j.verifier.EcdsaEngine;
import org.u2f4j.verifier.PendingAuthentication;
import org.u2f4j.verifier.PendingRegistration;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.Registration;
import org.u2f4j.verifier.RegistrationResult;
import org.u2f4j.verifier.RegistrationStore;
import org.u2f4j.verifier.RelyingParty;
import org.u2f4j.verifier.RelyingPartyTest;
import org.u2f4j.verifier.TestCertificate;
import org.u2f4j.verifier.TestKey;
import org.u2f4j.verifier.TrustAnswer;

class WebAuthnRelyingPartyTest {
  private static final AppId APP_ID = new AppId("https://example.com");
  private static final AppId RP_ID = new AppId(Answer.RP_ID);
  private static final CreationOptions.User USER =
      new CreationOptions.User(repeat(16, 9), "alice@example.com", "Alice");
  private static final String SUBJECT = "C=AA, O=Maker, OU=Authenticator Attestation, CN=Model";

  private static final TestCertificate ROOT = TestCertificate.root();
  private static final TestCertificate U2F_LEAF = TestCertificate.leaf(ROOT);
  private static final TestCertificate LEAF = TestCertificate.of(SUBJECT).signedBy(ROOT);

  private final RegistrationStore store = RegistrationStore.inMemory();
  private final TestKey key = TestKey.create(1);
  private Instant now = NOW;

  private RelyingParty site(AttestationTrust trust) {
    return RelyingParty.builder(APP_ID, store, trust)
        .engine(EcdsaEngine.jdk())
        .clock(() -> now)
        .build();
  }

  private final RelyingParty site = site(AttestationTrust.acceptAny());
  private final WebAuthnRelyingParty party =
      WebAuthnRelyingParty.builder(site, Answer.RP_ID).build();

  private RegistrationResult register(
      WebAuthnRelyingParty relyingParty, Consumer<Answer> alteration) throws Exception {
    PendingRegistration pending = site.startRegistration("alice");
    Answer answer = Answer.toCreate(key, U2F_LEAF, pending.challenge());
    alteration.accept(answer);
    return relyingParty.finishRegistration(pending, answer.toJson());
  }

  private Registration registered(AppId boundTo, Long counter) {
    Registration registration = new Registration(
        "alice",
        key.keyHandle(),
        key.publicKey(),
        boundTo,
        counter,
        Bytes.EMPTY,
        List.of(),
        NOW,
        null,
        null);
    assertTrue(store.add(registration));
    return registration;
  }

  private AuthenticationResult signIn(
      WebAuthnRelyingParty relyingParty, long counter, Consumer<Answer> alteration)
      throws Exception {
    PendingAuthentication pending = site.startAuthentication("alice");
    Answer answer = Answer.toGet(key, counter, pending.challenge());
    alteration.accept(answer);
    return relyingParty.finishAuthentication(pending, answer.toJson());
  }

  @Test
  void aU2fKeyRegistersAndSignsInThroughTheClient() throws Exception {
    WebAuthnClient browser =
        new WebAuthnClient(FacetRule.sameHost(), new TouchPolling(TouchPolling.SILENT));
    SoftwareKey softwareKey = SoftwareKey.create();
    Deadline deadline = Deadline.after(Duration.ofSeconds(30));

    PendingRegistration asked = site.startRegistration("alice");
    CreationOptions creation = CreationOptions.decode(party.creationOptions(asked, USER));
    RegistrationResult result = party.finishRegistration(
        PendingRegistration.fromJson(asked.toJson()),
        browser.create(creation, Answer.ORIGIN, softwareKey, deadline).toJson());
    assertEquals(RP_ID, result.registration().appId());
    assertEquals(0L, result.registration().counter());
    assertEquals(List.of("usb"), result.registration().transports()); // by its certificate
    assertEquals(List.of(result.registration()), store.registrations("alice"));
    assertEquals(EnumSet.of(Flag.USER_PRESENT, Flag.CREDENTIAL), Flag.of(result.flags()));

    for (long count = 1; count <= 2; count++) {
      PendingAuthentication login = site.startAuthentication("alice");
      RequestOptions request = RequestOptions.decode(party.requestOptions(login));
      AuthenticationResult in = party.finishAuthentication(
          PendingAuthentication.fromJson(login.toJson()),
          browser.get(request, Answer.ORIGIN, softwareKey, deadline).toJson());
      assertEquals(CounterVerdict.of(count - 1, count), in.counter());
      assertEquals(List.of(in.registration()), store.registrations("alice"));
      assertEquals(1, in.flags());
    }
  }

  @Test
  void whatU2fRegisteredSignsInByWayOfItsAppId() throws Exception {
    TouchPolling polling = new TouchPolling(TouchPolling.SILENT);
    U2fClient old = new U2fClient(FacetRule.sameHost(), polling);
    WebAuthnClient browser = new WebAuthnClient(FacetRule.sameHost(), polling);
    SoftwareKey softwareKey = SoftwareKey.create();
    Deadline deadline = Deadline.after(Duration.ofSeconds(30));
    PendingRegistration asked = site.startRegistration("alice");
    site.finishRegistration(
        asked, old.register(asked.request(), Answer.ORIGIN, softwareKey, deadline));

    PendingAuthentication login = site.startAuthentication("alice");
    RequestOptions request = RequestOptions.decode(party.requestOptions(login));
    assertEquals(APP_ID, request.appId());
    AuthenticationResult in = party.finishAuthentication(
        login, browser.get(request, Answer.ORIGIN, softwareKey, deadline));
    assertEquals(APP_ID, in.registration().appId());
    PendingRegistration again = site.startRegistration("alice");
    CreationOptions creation = CreationOptions.decode(party.creationOptions(again, USER));
    assertEquals(APP_ID, creation.appIdExclude());
    assertThrows(
        ErrorCodeException.class,
        () -> browser.create(creation, Answer.ORIGIN, softwareKey, deadline));
  }

  @Test
  void theOptionsSayWhatThePendingValueDoes() throws Exception {
    registered(RP_ID, null);
    PendingRegistration registration = site.startRegistration("alice");
    WebAuthnRelyingParty named =
        WebAuthnRelyingParty.builder(site, Answer.RP_ID).name("Example").build();
    List<CredentialDescriptor> known =
        List.of(new CredentialDescriptor(key.keyHandle(), List.of()));
    assertEquals(
        new CreationOptions(
            Answer.RP_ID, "Example", USER, registration.challenge(), known, 300_000, true, null),
        CreationOptions.decode(named.creationOptions(registration, USER)));
    PendingAuthentication authentication = site.startAuthentication("alice");
    assertEquals(
        new RequestOptions(Answer.RP_ID, authentication.challenge(), known, 300_000, null),
        RequestOptions.decode(party.requestOptions(authentication)));
  }

  @Test
  void whatWebAuthnRegisteredIsNotAskedOfAClientOfU2f() throws Exception {
    registered(RP_ID, null);
    PendingAuthentication login = site.startAuthentication("alice");
    assertEquals(
        1,
        PendingAuthentication.fromJson(login.toJson())
            .request()
            .registeredKeys()
            .size());
    assertEquals(List.of(), SignRequest.decode(login.requestJson()).registeredKeys());
    PendingRegistration asked = site.startRegistration("alice");
    assertEquals(
        1,
        PendingRegistration.fromJson(asked.toJson()).request().registeredKeys().size());
    assertEquals(List.of(), RegisterRequest.decode(asked.requestJson()).registeredKeys());
  }

  @Test
  void anAnswerOfU2fDoesNotPassForACredentialOfWebAuthn() {
    registered(RP_ID, 0L);
    PendingAuthentication pending = site.startAuthentication("alice");
    ClientData clientData = ClientData.of(ClientData.SIGN, pending.challenge(), Answer.ORIGIN);
    String answer = key.sign(1, 9, RP_ID, clientData).toJson();
    assertRefused(Reason.UNKNOWN_KEY_HANDLE, () -> site.finishAuthentication(pending, answer));
  }

  @Test
  void anRpIdIsADomain() {
    List<String> others = List.of(
        "",
        "https://example.com",
        "example.com/",
        "Example.com",
        "a:1",
        "exa mple.com",
        "m\u00fcnchen.de",
        "example.com?x",
        "*.example.com",
        ".example.com",
        "a..b",
        "-x.com",
        "example.com.",
        "[::1]");
    for (String none : others) {
      assertThrows(
          IllegalArgumentException.class, () -> WebAuthnRelyingParty.builder(site, none), none);
    }
  }

  @Test
  void everyFormatIsTaken() throws Exception {
    RegistrationResult u2f = register(party, answer -> {});
    assertEquals(U2F_LEAF.der(), u2f.registration().certificate());
    assertEquals(List.of(U2F_LEAF.decoded()), u2f.attestation().chain());
    store.remove("alice", key.keyHandle());

    WebAuthnRelyingParty trusting = trusting(LEAF);
    RegistrationResult packed = register(trusting, answer -> {
      answer.packed(LEAF);
      answer.flags = 0xdd;
      answer.counter = 0xffff_fffeL;
      answer.extensions = Cbor.map(List.of("credProtect", 1));
      answer.transports = "\"nfc\",\"junk\",\"usb\",\"usb\"";
    });
    assertEquals(Trust.TRUSTED, packed.attestation().trust());
    assertEquals(LEAF.der(), packed.registration().certificate());
    assertEquals(0xffff_fffeL, packed.registration().counter());
    assertEquals(List.of("nfc", "usb"), packed.registration().transports());
    assertEquals(EnumSet.allOf(Flag.class), Flag.of(packed.flags()));
    store.remove("alice", key.keyHandle());

    for (String format : List.of("none", "packed")) {
      RegistrationResult bare = register(party, answer -> {
        answer.packed();
        answer.format = format;
      });
      assertEquals(Trust.UNKNOWN, bare.attestation().trust());
      assertTrue(bare.attestation().certificate().isEmpty());
      assertEquals(Bytes.EMPTY, bare.registration().certificate());
      store.remove("alice", key.keyHandle());
    }
  }

  private WebAuthnRelyingParty trusting(TestCertificate... roots) {
    AttestationTrust trust =
        AttestationTrust.roots(Stream.of(roots).map(TestCertificate::decoded).toList());
    return WebAuthnRelyingParty.builder(site(trust), Answer.RP_ID).build();
  }

  @Test
  void theLongestCredentialIdIsTaken() throws Exception {
    Bytes longest = repeat(1_023, 5);
    Consumer<Answer> alteration = answer -> {
      answer.packed();
      answer.credentialId = longest;
      answer.id = longest;
    };
    assertEquals(longest, register(party, alteration).registration().keyHandle().bytes());
    assertRefused(
        Reason.MALFORMED,
        () -> register(party, alteration.andThen(answer -> {
          answer.format = "fido-u2f";
          answer.certificate = U2F_LEAF;
        })));
    assertRefused(
        Reason.MALFORMED,
        () -> register(party, alteration.andThen(answer -> {
          answer.credentialId = repeat(1_024, 5);
          answer.id = answer.credentialId;
        })));
  }

  @Test
  void membersStandInAnyOrder() throws Exception {
    register(party, answer -> {
      answer.alteration = statement -> {
        List<Object> turned = new ArrayList<>(statement.subList(2, 4));
        turned.addAll(statement.subList(0, 2));
        statement.clear();
        statement.addAll(turned);
      };
      answer.coseKey = turned(answer.coseKey);
    });
  }

  /** Pairs from the last to the first. */
  private static List<Object> turned(List<Object> members) {
    List<Object> turned = new ArrayList<>();
    for (int i = members.size() - 2; i >= 0; i -= 2) {
      turned.addAll(members.subList(i, i + 2));
    }
    return turned;
  }

  private static Arguments attack(Reason reason, String name, Consumer<Answer> alteration) {
    return Arguments.of(reason, name, alteration);
  }

  private static void set(List<Object> members, Object key, Object value) {
    members.set(members.indexOf(key) + 1, value);
  }

  private static void remove(List<Object> members, Object key) {
    int at = members.indexOf(key);
    members.subList(at, at + 2).clear();
  }

  private static Object certificates(TestCertificate... chain) {
    return Stream.of(chain).map(TestCertificate::der).toList();
  }

  private static TestCertificate packedLeaf(
      String subject, Consumer<TestCertificate.Builder> more) {
    TestCertificate.Builder builder = TestCertificate.of(subject);
    more.accept(builder);
    return builder.signedBy(ROOT);
  }

  private static Bytes aaguidExtension(int value) {
    return Bytes.concat(hex("0410"), repeat(16, value));
  }

  private static final String AAGUID_OID = "1.3.6.1.4.1.45724.1.1.4";

  static Stream<Arguments> registrationAttacks() {
    return Stream.of(
        // client data
        attack(Reason.WRONG_TYPE, "made to sign in", a -> a.type = "webauthn.get"),
        attack(Reason.WRONG_TYPE, "made for U2F", a -> {
          a.type = "navigator.id.finishEnrollment";
        }),
        attack(Reason.MALFORMED, "the type of U2F too, twice", a -> {
          a.moreClientData = ",\"type\":\"webauthn.create\"";
        }),
        attack(Reason.WRONG_CHALLENGE, "another challenge", a -> a.challenge = "AAAA"),
        attack(Reason.WRONG_CHALLENGE, "its padded form", a -> a.challenge += "="),
        attack(Reason.WRONG_ORIGIN, "another origin", a -> a.origin = "https://example.net"),
        attack(Reason.WRONG_ORIGIN, "a port", a -> a.origin = "https://example.com:444"),
        attack(Reason.CROSS_ORIGIN, "a frame", a -> a.moreClientData = ",\"crossOrigin\":true"),
        attack(Reason.CROSS_ORIGIN, "a frame of a page", a -> {
          a.moreClientData = ",\"crossOrigin\":true,\"topOrigin\":\"https://evil.example\"";
        }),
        attack(Reason.CROSS_ORIGIN, "a page above, which is no other", a -> {
          a.moreClientData = ",\"crossOrigin\":false,\"topOrigin\":\"https://evil.example\"";
        }),
        attack(Reason.MALFORMED, "a frame that is text", a -> {
          a.moreClientData = ",\"crossOrigin\":\"true\"";
        }),
        // authenticator data
        attack(Reason.WRONG_APP_ID, "another RP ID", a -> a.scope = "example.net"),
        attack(Reason.WRONG_APP_ID, "the AppID", a -> a.scope = "https://example.com"),
        attack(Reason.WRONG_APP_ID, "the AppID, and saying so", a -> {
          a.scope = "https://example.com";
          a.extensionResults = "\"appid\":true,\"appidExclude\":true";
        }),
        attack(Reason.USER_NOT_PRESENT, "nobody touched it", a -> a.flags = 0x40),
        attack(Reason.USER_NOT_PRESENT, "verified, not present", a -> a.flags = 0x44),
        attack(Reason.MALFORMED, "no credential", a -> a.flags = 0x01),
        attack(Reason.MALFORMED, "backed up, not eligible", a -> a.flags = 0x51),
        attack(Reason.MALFORMED, "extensions announced", a -> a.flags = 0xc1),
        attack(Reason.MALFORMED, "extensions not announced", a -> a.extensions = hex("a0")),
        attack(Reason.MALFORMED, "extensions that are no map", a -> {
          a.flags = 0xc1;
          a.extensions = hex("80");
        }),
        attack(Reason.MALFORMED, "a byte behind the extensions", a -> {
          a.flags = 0xc1;
          a.extensions = hex("a000");
        }),
        attack(Reason.MALFORMED, "another id in the JSON", a -> a.id = repeat(64, 2)),
        // COSE key
        attack(Reason.MALFORMED, "kty OKP", a -> set(a.coseKey, 1, 1)),
        attack(Reason.MALFORMED, "alg RS256", a -> set(a.coseKey, 3, -257)),
        attack(Reason.MALFORMED, "alg ES384", a -> set(a.coseKey, 3, -35)),
        attack(Reason.MALFORMED, "crv P-384", a -> set(a.coseKey, -1, 2)),
        attack(Reason.MALFORMED, "alg a text", a -> set(a.coseKey, 3, "ES256")),
        attack(Reason.MALFORMED, "a kid", a -> a.coseKey.addAll(List.of(2, repeat(4, 1)))),
        attack(
            Reason.MALFORMED, "a private key", a -> a.coseKey.addAll(List.of(-4, repeat(32, 1)))),
        attack(Reason.MALFORMED, "a key twice", a -> a.coseKey.addAll(List.of(3, -7))),
        attack(Reason.MALFORMED, "no alg", a -> remove(a.coseKey, 3)),
        attack(Reason.MALFORMED, "no y", a -> remove(a.coseKey, -3)),
        attack(Reason.MALFORMED, "y of 33 bytes", a -> set(a.coseKey, -3, repeat(33, 0))),
        attack(Reason.MALFORMED, "y compressed to a sign", a -> set(a.coseKey, -3, true)),
        attack(Reason.MALFORMED, "off the curve", a -> set(a.coseKey, -3, repeat(32, 1))),
        attack(Reason.MALFORMED, "infinity", a -> {
          set(a.coseKey, -2, repeat(32, 0));
          set(a.coseKey, -3, repeat(32, 0));
        }),
        attack(Reason.WRONG_SIGNATURE, "another key, on the curve", a -> {
          Bytes other = TestKey.create(2).publicKey().bytes();
          set(a.coseKey, -2, other.slice(1, 33));
          set(a.coseKey, -3, other.slice(33));
        }),
        // attestation object
        attack(Reason.UNSUPPORTED_ATTESTATION, "tpm", a -> a.format = "tpm"),
        attack(Reason.UNSUPPORTED_ATTESTATION, "apple", a -> a.format = "apple"),
        attack(Reason.UNSUPPORTED_ATTESTATION, "compound", a -> a.format = "compound"),
        attack(Reason.UNSUPPORTED_ATTESTATION, "Fido-U2F", a -> a.format = "Fido-U2F"),
        attack(Reason.UNSUPPORTED_ATTESTATION, "lines", a -> a.format = "x\n".repeat(9_000)),
        attack(Reason.MALFORMED, "a member too many", a -> a.moreMembers = List.of("epAtt", true)),
        attack(Reason.MALFORMED, "two formats", a -> a.moreMembers = List.of("fmt", "none")),
        attack(Reason.MALFORMED, "two sets of data", a -> {
          a.moreMembers = List.of("authData", repeat(37, 0));
        }),
        // fido-u2f
        attack(Reason.MALFORMED, "no certificate", a -> a.alteration = s -> remove(s, "x5c")),
        attack(Reason.MALFORMED, "an empty x5c", a -> a.alteration = s -> set(s, "x5c", List.of())),
        attack(Reason.MALFORMED, "two certificates", a -> {
          a.alteration = s -> set(s, "x5c", certificates(U2F_LEAF, ROOT));
        }),
        attack(Reason.MALFORMED, "a certificate as text", a -> {
          a.alteration = s -> set(s, "x5c", List.of("certificate"));
        }),
        attack(Reason.MALFORMED, "an x5c that is none", a -> {
          a.alteration = s -> set(s, "x5c", U2F_LEAF.der());
        }),
        attack(Reason.MALFORMED, "no signature", a -> a.alteration = s -> remove(s, "sig")),
        attack(Reason.MALFORMED, "a statement too much", a -> {
          a.alteration = s -> s.addAll(List.of("ver", "2.0"));
        }),
        attack(Reason.WRONG_ALGORITHM, "RS256", a -> {
          a.alteration = s -> s.addAll(List.of("alg", -257));
        }),
        attack(Reason.MALFORMED_CERTIFICATE, "a broken certificate", a -> {
          a.alteration = s -> set(s, "x5c", List.of(hex("3003020101")));
        }),
        attack(Reason.WRONG_SIGNATURE, "another's certificate", a -> {
          a.alteration = s -> set(s, "x5c", certificates(TestCertificate.leaf(ROOT)));
        }),
        attack(Reason.WRONG_CERTIFICATE_KEY, "P-384", a -> {
          TestCertificate p384 = TestCertificate.of("CN=x")
              .key(TestCertificate.newKeyPair("secp384r1"))
              .signedBy(ROOT);
          a.alteration = s -> set(s, "x5c", certificates(p384));
        }),
        attack(Reason.WRONG_SIGNATURE, "an altered signature", a -> {
          a.signatureAlteration = s -> s[s.length - 1] ^= 1;
        }),
        attack(Reason.MALFORMED_SIGNATURE, "a signature that is no DER", a -> {
          a.signatureAlteration = s -> s[0] ^= 1;
        }),
        // packed
        attack(Reason.WRONG_ALGORITHM, "packed with ES384", a -> {
          a.packed(LEAF).alteration = s -> set(s, "alg", -35);
        }),
        attack(Reason.WRONG_ALGORITHM, "itself, with EdDSA", a -> {
          a.packed().alteration = s -> set(s, "alg", -8);
        }),
        attack(Reason.MALFORMED, "packed without alg", a -> {
          a.packed(LEAF).alteration = s -> remove(s, "alg");
        }),
        attack(Reason.MALFORMED, "packed without sig", a -> {
          a.packed(LEAF).alteration = s -> remove(s, "sig");
        }),
        attack(Reason.MALFORMED, "packed with no certificates", a -> {
          a.packed(LEAF).alteration = s -> set(s, "x5c", List.of());
        }),
        attack(Reason.MALFORMED, "packed with five certificates", a -> {
          a.packed(LEAF).alteration =
              s -> set(s, "x5c", certificates(LEAF, ROOT, ROOT, ROOT, ROOT));
        }),
        attack(Reason.MALFORMED, "packed by ECDAA", a -> {
          a.packed().alteration = s -> s.addAll(List.of("ecdaaKeyId", repeat(8, 1)));
        }),
        attack(Reason.WRONG_SIGNATURE, "packed, certificate left out", a -> {
          a.packed(LEAF).alteration = s -> remove(s, "x5c");
        }),
        attack(Reason.WRONG_SIGNATURE, "itself, with another key", a -> {
          a.packed();
          a.certificate = LEAF;
          a.alteration = s -> remove(s, "x5c");
        }),
        attack(Reason.MALFORMED_CERTIFICATE, "packed with a broken second certificate", a -> {
          a.packed(LEAF).alteration = s -> set(s, "x5c", List.of(LEAF.der(), hex("3003020101")));
        }),
        attack(Reason.WRONG_CERTIFICATE_PROFILE, "version 1", a -> {
          a.packed(packedLeaf(SUBJECT, TestCertificate.Builder::version1));
        }),
        attack(Reason.WRONG_CERTIFICATE_PROFILE, "a U2F certificate", a -> a.packed(U2F_LEAF)),
        attack(Reason.WRONG_CERTIFICATE_PROFILE, "no country", a -> {
          a.packed(packedLeaf("O=Maker, OU=Authenticator Attestation, CN=Model", b -> {}));
        }),
        attack(Reason.WRONG_CERTIFICATE_PROFILE, "a country of digits", a -> {
          a.packed(packedLeaf("C=12, O=Maker, OU=Authenticator Attestation, CN=Model", b -> {}));
        }),
        attack(Reason.WRONG_CERTIFICATE_PROFILE, "a blank organisation", a -> {
          a.packed(packedLeaf("C=AA, O=\\ , OU=Authenticator Attestation, CN=Model", b -> {}));
        }),
        attack(Reason.WRONG_CERTIFICATE_PROFILE, "no organisation", a -> {
          a.packed(packedLeaf("C=AA, OU=Authenticator Attestation, CN=Model", b -> {}));
        }),
        attack(Reason.WRONG_CERTIFICATE_PROFILE, "no name", a -> {
          a.packed(packedLeaf("C=AA, O=Maker, OU=Authenticator Attestation", b -> {}));
        }),
        attack(Reason.WRONG_CERTIFICATE_PROFILE, "another unit", a -> {
          a.packed(packedLeaf("C=AA, O=Maker, OU=authenticator attestation, CN=Model", b -> {}));
        }),
        attack(Reason.WRONG_CERTIFICATE_PROFILE, "two units", a -> {
          a.packed(packedLeaf(SUBJECT + ", OU=Other", b -> {}));
        }),
        attack(Reason.WRONG_CERTIFICATE_PROFILE, "an authority", a -> {
          a.packed(packedLeaf(SUBJECT, b -> b.authority(null)));
        }),
        attack(Reason.WRONG_CERTIFICATE_PROFILE, "broken constraints", a -> {
          a.packed(packedLeaf(SUBJECT, b -> b.extension("2.5.29.19", hex("0401"))));
        }),
        attack(Reason.WRONG_AAGUID, "another model", a -> {
          a.packed(packedLeaf(SUBJECT, b -> b.extension(AAGUID_OID, aaguidExtension(0x12))));
        }),
        attack(Reason.WRONG_CERTIFICATE_PROFILE, "a model of 15 bytes", a -> {
          a.packed(packedLeaf(
              SUBJECT, b -> b.extension(AAGUID_OID, Bytes.concat(hex("040f"), repeat(15, 0x11)))));
        }),
        attack(Reason.WRONG_CERTIFICATE_PROFILE, "a bare model", a -> {
          a.packed(packedLeaf(SUBJECT, b -> b.extension(AAGUID_OID, Answer.MODEL)));
        }),
        attack(Reason.WRONG_CERTIFICATE_PROFILE, "a critical model", a -> {
          a.packed(packedLeaf(SUBJECT, b -> b.critical(AAGUID_OID, aaguidExtension(0x11))));
        }),
        // none
        attack(Reason.MALFORMED, "none with a statement", a -> {
          a.format = "none";
          a.alteration = s -> s.addAll(List.of("sig", hex("00")));
        }));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("registrationAttacks")
  void aRegistrationThatIsNotAsItShouldBeIsRefused(
      Reason reason, String name, Consumer<Answer> alteration) {
    assertRefused(reason, () -> register(party, alteration));
    assertEquals(List.of(), store.registrations("alice"));
  }

  @Test
  void theReasonsThatOnlyWebAuthnGivesAreAllProvoked() {
    Set<Object> provoked =
        registrationAttacks().map(arguments -> arguments.get()[0]).collect(Collectors.toSet());
    assertTrue(provoked.containsAll(RelyingPartyTest.WEB_AUTHN_REASONS), provoked::toString);
  }

  @Test
  void aModelInTheCertificateIsThatOfTheKey() throws Exception {
    TestCertificate leaf =
        packedLeaf(SUBJECT, b -> b.extension(AAGUID_OID, aaguidExtension(0x11)).authorityNot());
    register(trusting(ROOT), answer -> answer.packed(leaf));
  }

  @Test
  void aModelIsToldToTheSourceOfTrustIfItWasSigned() throws Exception {
    List<Object> told = new ArrayList<>();
    AttestationTrust source = (chain, aaguid) -> {
      told.add(aaguid == null ? "none" : aaguid);
      return TrustAnswer.ofRoots(List.of(ROOT.decoded()));
    };
    WebAuthnRelyingParty asking =
        WebAuthnRelyingParty.builder(site(source), Answer.RP_ID).build();
    register(asking, answer -> answer.packed(LEAF));
    store.remove("alice", key.keyHandle());
    register(asking, answer -> answer.aaguid = Answer.MODEL);
    assertEquals(List.of(Answer.MODEL, "none"), told);
  }

  /** One certificate for two models is two verdicts. */
  @Test
  void aVerdictIsKeptForItsModelOnly() throws Exception {
    AttestationTrust source = (chain, aaguid) ->
        TrustAnswer.ofRoots(Answer.MODEL.equals(aaguid) ? List.of(ROOT.decoded()) : List.of());
    WebAuthnRelyingParty choosy =
        WebAuthnRelyingParty.builder(site(source), Answer.RP_ID).build();
    register(choosy, answer -> answer.packed(LEAF));
    store.remove("alice", key.keyHandle());
    assertRefused(
        Reason.UNTRUSTED_ATTESTATION,
        () -> register(choosy, answer -> answer.packed(LEAF).aaguid = repeat(16, 0x12)));
    register(choosy, answer -> answer.packed(LEAF));
  }

  @Test
  void trustFollowsAChain() throws Exception {
    TestCertificate between = TestCertificate.of("CN=Between").authority(0).signedBy(ROOT);
    TestCertificate leaf = TestCertificate.of(SUBJECT).signedBy(between);
    WebAuthnRelyingParty trusting = trusting(ROOT);
    RegistrationResult result = register(trusting, answer -> answer.packed(leaf, between));
    assertEquals(ROOT.decoded(), result.attestation().root());
    assertEquals(2, result.attestation().chain().size());
    store.remove("alice", key.keyHandle());
    assertRefused(
        Reason.UNTRUSTED_ATTESTATION, () -> register(trusting, answer -> answer.packed(leaf)));
    assertRefused(
        Reason.UNTRUSTED_ATTESTATION,
        () -> register(trusting, answer -> answer.packed(leaf, U2F_LEAF, between)));
  }

  /** Whoever wants to know the make of a key is not put off with a weaker attestation. */
  @ParameterizedTest
  @ValueSource(strings = {"none", "packed"})
  void attestationCannotBeLeftOutWhereTrustIsRequired(String format) {
    assertRefused(
        Reason.UNTRUSTED_ATTESTATION,
        () -> register(trusting(ROOT), answer -> {
          answer.packed();
          answer.format = format;
        }));
  }

  @Test
  void aModelOfAU2fKeyIsRefusedIfThatIsDemanded() throws Exception {
    WebAuthnRelyingParty strict =
        WebAuthnRelyingParty.builder(site, Answer.RP_ID).requireZeroAaguid().build();
    Consumer<Answer> model = answer -> answer.aaguid = Answer.MODEL;
    assertRefused(Reason.WRONG_AAGUID, () -> register(strict, model));
    register(strict, answer -> answer.packed(LEAF));
    store.remove("alice", key.keyHandle());
    register(strict, answer -> {});
    store.remove("alice", key.keyHandle());
    register(party, model);
  }

  @Test
  void aFrameOfANamedPageIsAllowed() throws Exception {
    WebAuthnRelyingParty framed = WebAuthnRelyingParty.builder(site, Answer.RP_ID)
        .topOrigins("https://portal.example")
        .build();
    register(framed, answer -> {
      answer.moreClientData = ",\"crossOrigin\":true,\"topOrigin\":\"https://portal.example\"";
    });
    registeredAgainstFrames(framed);
  }

  private void registeredAgainstFrames(WebAuthnRelyingParty framed) {
    assertRefused(
        Reason.CROSS_ORIGIN,
        () -> signIn(framed, 9, answer -> {
          answer.moreClientData = ",\"crossOrigin\":true,\"topOrigin\":\"https://portal.example.\"";
        }));
    assertRefused(
        Reason.CROSS_ORIGIN,
        () -> signIn(framed, 9, answer -> answer.moreClientData = ",\"crossOrigin\":true"));
    assertRefused(
        Reason.CROSS_ORIGIN,
        () -> signIn(framed, 9, answer -> {
          answer.moreClientData = ",\"topOrigin\":\"https://portal.example\"";
        }));
  }

  @Test
  void aCredentialIsRegisteredOnce() throws Exception {
    register(party, answer -> {});
    assertRefused(Reason.KEY_HANDLE_KNOWN, () -> register(party, answer -> {}));
  }

  @Test
  void aLateAnswerIsRefused() {
    PendingRegistration pending = site.startRegistration("alice");
    now = pending.expiresAt();
    assertRefused(
        Reason.EXPIRED,
        () -> party.finishRegistration(
            pending, Answer.toCreate(key, U2F_LEAF, pending.challenge()).toJson()));
  }

  static Stream<Arguments> authenticationAttacks() {
    return Stream.of(
        attack(Reason.WRONG_TYPE, "made to register", a -> a.type = "webauthn.create"),
        attack(Reason.WRONG_CHALLENGE, "another challenge", a -> a.challenge = "AAAA"),
        attack(Reason.WRONG_ORIGIN, "another origin", a -> a.origin = "http://example.com"),
        attack(Reason.CROSS_ORIGIN, "a frame", a -> a.moreClientData = ",\"crossOrigin\":true"),
        attack(Reason.UNKNOWN_KEY_HANDLE, "another credential", a -> a.id = repeat(64, 2)),
        attack(Reason.UNKNOWN_KEY_HANDLE, "no credential", a -> a.id = Bytes.EMPTY),
        attack(Reason.WRONG_APP_ID, "another RP ID", a -> a.scope = "example.net"),
        attack(Reason.WRONG_APP_ID, "the AppID", a -> a.scope = "https://example.com"),
        attack(Reason.WRONG_APP_ID, "the AppID, which nobody asked for", a -> {
          a.scope = "https://example.com";
          a.extensionResults = "\"appid\":true";
        }),
        attack(Reason.USER_NOT_PRESENT, "nobody touched it", a -> a.flags = 0x00),
        attack(Reason.USER_NOT_PRESENT, "verified, not present", a -> a.flags = 0x04),
        attack(Reason.MALFORMED, "a new credential", a -> a.flags = 0x41),
        attack(Reason.MALFORMED, "backed up, not eligible", a -> a.flags = 0x11),
        attack(Reason.MALFORMED, "extensions announced", a -> a.flags = 0x81),
        attack(Reason.MALFORMED, "extensions not announced", a -> a.extensions = hex("a0")),
        attack(Reason.MALFORMED_SIGNATURE, "a signature that is no DER", a -> {
          a.signatureAlteration = s -> s[0] ^= 1;
        }),
        attack(Reason.WRONG_SIGNATURE, "an altered signature", a -> {
          a.signatureAlteration = s -> s[s.length - 1] ^= 1;
        }),
        attack(Reason.WRONG_SIGNATURE, "another's key", a -> a.certificate = U2F_LEAF),
        attack(Reason.COUNTER_REFUSED, "a counter again", a -> a.counter = 7),
        attack(Reason.COUNTER_REFUSED, "a counter gone back", a -> a.counter = 6),
        attack(Reason.COUNTER_REFUSED, "a counter of zero", a -> a.counter = 0));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("authenticationAttacks")
  void anAuthenticationThatIsNotAsItShouldBeIsRefused(
      Reason reason, String name, Consumer<Answer> alteration) {
    registered(RP_ID, 7L);
    assertRefused(reason, () -> signIn(party, 8, alteration));
    assertEquals(7L, store.find(key.keyHandle()).orElseThrow().counter());
    boolean marked = store.find(key.keyHandle()).orElseThrow().anomaly() != null;
    assertEquals(reason == Reason.COUNTER_REFUSED, marked);
  }

  @Test
  void flagsAndExtensionsAreRecorded() throws Exception {
    registered(RP_ID, 7L);
    AuthenticationResult in = signIn(party, 8, answer -> {
      answer.flags = 0x9d;
      answer.extensions = Cbor.map(List.of("hmac-secret", repeat(32, 1)));
    });
    Set<Flag> but = EnumSet.complementOf(EnumSet.of(Flag.CREDENTIAL));
    assertEquals(but, Flag.of(in.flags()));
    assertEquals(8L, store.find(key.keyHandle()).orElseThrow().counter());
  }

  @Test
  void theResultOfAppIdIsHonouredIfItWasAskedForAndOnlyThen() throws Exception {
    Consumer<Answer> appId = answer -> answer.scope = APP_ID.value();
    Consumer<Answer> saying = answer -> answer.extensionResults = "\"appid\":true";
    registered(APP_ID, 7L);
    signIn(party, 8, appId.andThen(saying));
    assertRefused(
        Reason.WRONG_APP_ID, () -> signIn(party, 9, appId)); // the browser does not say so
    assertRefused(Reason.WRONG_APP_ID, () -> signIn(party, 9, saying)); // and says so wrongly
    assertRefused(Reason.WRONG_APP_ID, () -> signIn(party, 9, answer -> {}));
    assertRefused(
        Reason.WRONG_APP_ID,
        () -> signIn(party, 9, answer -> answer.extensionResults = "\"appid\":false"));
    assertEquals(8L, store.find(key.keyHandle()).orElseThrow().counter());
  }

  /** The account has a registration of either kind, so that the AppID is asked for. */
  @Test
  void aCredentialOfTheRpIdCannotSignForTheAppId() {
    registered(RP_ID, 7L);
    TestKey old = TestKey.create(2);
    store.add(new Registration(
        "alice",
        old.keyHandle(),
        old.publicKey(),
        APP_ID,
        7L,
        Bytes.EMPTY,
        List.of(),
        NOW,
        null,
        null));
    assertRefused(
        Reason.WRONG_APP_ID,
        () -> signIn(party, 8, answer -> {
          answer.scope = APP_ID.value();
          answer.extensionResults = "\"appid\":true";
        }));
  }

  @Test
  void anAnswerOfU2fIsNoneOfWebAuthn() throws Exception {
    PendingRegistration pending = site.startRegistration("alice");
    ClientData clientData = ClientData.of(ClientData.REGISTER, pending.challenge(), Answer.ORIGIN);
    RegisterResponse u2f = key.register(U2F_LEAF.attestation(), APP_ID, clientData);
    assertRefused(Reason.MALFORMED, () -> party.finishRegistration(pending, u2f.toJson()));
    String webAuthn = Answer.toCreate(key, U2F_LEAF, pending.challenge()).toJson();
    assertRefused(Reason.MALFORMED, () -> site.finishRegistration(pending, webAuthn));
  }

  @Test
  void aReplayIsRefusedByItsChallengeAndByItsCounter() throws Exception {
    registered(RP_ID, 7L);
    PendingAuthentication pending = site.startAuthentication("alice");
    String answer = Answer.toGet(key, 8, pending.challenge()).toJson();
    party.finishAuthentication(pending, answer);
    assertRefused(Reason.COUNTER_REFUSED, () -> party.finishAuthentication(pending, answer));
    PendingAuthentication next = site.startAuthentication("alice");
    assertRefused(Reason.WRONG_CHALLENGE, () -> party.finishAuthentication(next, answer));
  }

  @Test
  void aKeyWithoutACounterPassesUnlessThatIsRefused() throws Exception {
    register(party, answer -> {});
    assertEquals(
        CounterVerdict.Kind.CONSTANT_ZERO,
        signIn(party, 0, answer -> {}).counter().kind());
    WebAuthnRelyingParty strict = WebAuthnRelyingParty.builder(site, Answer.RP_ID)
        .counterPolicy(CounterPolicy.u2f())
        .build();
    assertRefused(Reason.COUNTER_REFUSED, () -> signIn(strict, 0, answer -> {}));
    assertEquals(
        CounterVerdict.Kind.ADVANCED, signIn(strict, 1, answer -> {}).counter().kind());
  }

  @Test
  void textThatIsNoAnswerIsRefused() {
    PendingRegistration pending = site.startRegistration("alice");
    assertRefused(Reason.MALFORMED, () -> party.finishRegistration(pending, "{}"));
    PendingAuthentication login = site.startAuthentication("alice");
    assertRefused(Reason.MALFORMED, () -> party.finishAuthentication(login, "[]"));
  }
}
