package org.u2f4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.Samples.POINT;
import static org.u2f4j.Samples.assertRefused;
import static org.u2f4j.Samples.hex;
import static org.u2f4j.Samples.repeat;
import static org.u2f4j.Samples.with;

import java.math.BigInteger;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
  private static final String P =
      "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";

  @Test
  void anAppIdIsHashedCharacterByCharacter() {
    AppId appId = new AppId("https://example.com");
    assertEquals(
        hex("100680ad546ce6a577f42f52df33b4cfdca756859e664b8d7de329b150d09ce9"),
        appId.applicationParameter().bytes());
    assertNotEquals(
        appId.applicationParameter(), new AppId("https://example.com/").applicationParameter());
    assertNotEquals(
        appId.applicationParameter(), new AppId("https://Example.com").applicationParameter());
    assertEquals("https://example.com", appId.toString());
    assertEquals(
        Bytes.utf8("https://b\u00fccher.example").sha256(),
        new AppId("https://b\u00fccher.example").applicationParameter().bytes());
  }

  @Test
  void halfASurrogatePairIsNoAppId() {
    assertEquals("\ud83d\udd11", new AppId("\ud83d\udd11").value());
    assertThrows(IllegalArgumentException.class, () -> new AppId("\ud83d"));
    assertThrows(IllegalArgumentException.class, () -> new AppId("x\udd11"));
  }

  @Test
  void bothParametersHave32Bytes() {
    assertEquals(repeat(32, 7), new ApplicationParameter(repeat(32, 7)).bytes());
    assertEquals(repeat(32, 7), new ChallengeParameter(repeat(32, 7)).bytes());
    for (int length : new int[] {0, 31, 33}) {
      Bytes bytes = repeat(length, 7);
      assertThrows(IllegalArgumentException.class, () -> new ApplicationParameter(bytes));
      assertThrows(IllegalArgumentException.class, () -> new ChallengeParameter(bytes));
    }
  }

  @Test
  void aKeyHandleFitsAMessageUpTo255Bytes() throws FormatException {
    assertTrue(new KeyHandle(Bytes.EMPTY).fitsMessage());
    assertTrue(new KeyHandle(repeat(255, 1)).fitsMessage());
    assertFalse(new KeyHandle(repeat(256, 1)).fitsMessage());
    assertFalse(new KeyHandle(repeat(1023, 1)).fitsMessage());
    assertThrows(IllegalArgumentException.class, () -> new KeyHandle(repeat(1024, 1)));

    Bytes longest = repeat(1023, 1);
    assertEquals(longest, KeyHandle.fromBase64Url(longest.base64Url()).bytes());
    assertRefused(-1, () -> KeyHandle.fromBase64Url(repeat(1024, 1).base64Url()));
    assertEquals("AQ", new KeyHandle(hex("01")).base64Url());
    assertEquals(new KeyHandle(hex("01")), KeyHandle.fromBase64Url("AQ=="));
    assertRefused(1, () -> KeyHandle.fromBase64Url("A!"));
  }

  @Test
  void keyHandlesOfOneHashCodeHaveAnOrder() {
    List<KeyHandle> ofOneHash = List.of(new KeyHandle(Bytes.EMPTY));
    for (int i = 0; i < 8; i++) {
      // 31 * 0 + 31 is 31 * 1 + 0
      ofOneHash = ofOneHash.stream()
          .flatMap(left -> Stream.of("001f", "0100")
              .map(right -> new KeyHandle(Bytes.concat(left.bytes(), hex(right)))))
          .toList();
    }
    assertEquals(256, ofOneHash.size());
    Set<KeyHandle> ordered = new TreeSet<>(ofOneHash);
    assertEquals(256, ordered.size());
    for (KeyHandle one : ofOneHash) {
      assertEquals(ofOneHash.get(0).hashCode(), one.hashCode());
      KeyHandle same = new KeyHandle(Bytes.concat(one.bytes()));
      assertEquals(0, one.compareTo(same));
      assertTrue(ordered.contains(same));
    }
  }

  @Test
  void aUserPublicKeyIsTheJdksPoint() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    for (int i = 0; i < 20; i++) {
      ECPublicKey made = (ECPublicKey) generator.generateKeyPair().getPublic();
      UserPublicKey key = UserPublicKey.decode(
          hex("04%064x%064x".formatted(made.getW().getAffineX(), made.getW().getAffineY())));
      assertEquals(made.getW(), key.toPublicKey().getW());
      assertEquals(made, key.toPublicKey());
    }
  }

  @Test
  void userPublicKeysAreEqualByTheirBytes() throws FormatException {
    UserPublicKey key = UserPublicKey.decode(POINT);
    assertEquals(POINT, key.bytes());
    assertEquals(key, UserPublicKey.decode(Bytes.concat(POINT)));
    assertEquals(key.hashCode(), UserPublicKey.decode(Bytes.concat(POINT)).hashCode());
    assertNotEquals(key, UserPublicKey.decode(negated()));
    assertNotEquals(key, new Object());
    assertNotEquals(key.hashCode(), UserPublicKey.decode(negated()).hashCode());
    assertEquals("046b17d1\u2026 (65 bytes)", key.toString());
  }

  /** The point with the other Y for the same X. */
  private static Bytes negated() {
    BigInteger y =
        new BigInteger(P, 16).subtract(new BigInteger(1, POINT.slice(33).toArray()));
    return Bytes.concat(POINT.slice(0, 33), hex("%064x".formatted(y)));
  }

  @Test
  void whatIsNoUncompressedPointIsNoUserPublicKey() {
    assertRefused(
        "a user public key has 65 bytes, not 64", () -> UserPublicKey.decode(POINT.slice(0, 64)));
    assertRefused(
        "a user public key has 65 bytes, not 66",
        () -> UserPublicKey.decode(Bytes.concat(POINT, hex("00"))));
    assertRefused(
        "a user public key has 65 bytes, not 91: this looks like a SubjectPublicKeyInfo, of which the"
            + " last 65 bytes are meant",
        () -> UserPublicKey.decode(
            Bytes.of(UserPublicKey.decode(POINT).toPublicKey().getEncoded())));
    assertRefused(
        "a user public key begins with 04, not 02",
        () -> UserPublicKey.decode(with(POINT, 0, 0x02)));
    assertRefused(-1, () -> UserPublicKey.decode(repeat(65, 0)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 32, 33, 64})
  void aPointBesideTheCurveIsNoUserPublicKey(int index) {
    assertRefused(
        "the user public key is not a point on the curve P-256",
        () -> UserPublicKey.decode(with(POINT, index, POINT.at(index) ^ 1)));
  }

  @Test
  void coordinatesAreBelowThePrime() throws FormatException {
    // y^2 = b where x = 0, and p in place of 0 is the same number modulo p
    String rootOfB = "66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4";
    String zero = "0".repeat(64);
    assertEquals(65, UserPublicKey.decode(hex("04" + zero + rootOfB)).bytes().length());
    assertRefused(-1, () -> UserPublicKey.decode(hex("04" + P + rootOfB)));
    assertRefused(-1, () -> UserPublicKey.decode(hex("04" + "f".repeat(64) + rootOfB)));

    String x = "d7325d7646cd60d80a92738ceb345f844cffaf35841022cab176f692de8de1d7"; // its y is 5
    String beyond = "ffffffff00000001000000000000000000000001000000000000000000000004"; // p + 5
    assertEquals(
        5, UserPublicKey.decode(hex("04" + x + "%064x".formatted(5))).bytes().at(64));
    assertRefused(-1, () -> UserPublicKey.decode(hex("04" + x + beyond)));
  }

  @Test
  void aFormatExceptionSaysWhere() {
    assertEquals("a thing at offset 7", new FormatException("a thing", 7).getMessage());
    assertEquals(7, new FormatException("a thing", 7).offset());
    assertEquals("a thing", new FormatException("a thing").getMessage());
    assertEquals(-1, new FormatException("a thing").offset());
  }
}
