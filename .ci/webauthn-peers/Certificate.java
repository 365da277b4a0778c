import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.HexFormat;

/** A certificate, self-signed, written byte by byte so that any of it can be wrong, and its private key. */
record Certificate(byte[] der, PrivateKey key) {
  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] ECDSA_SHA256 = HEX.parseHex("300a06082a8648ce3d040302");

  /** What to vary. */
  static final class Builder {
    String country = "SE";
    String unit = "Authenticator Attestation";
    /** The extension of packed attestation; null for none. */
    byte[] model;

    boolean critical;
    boolean authority;
    boolean version1;
    String from = "200101000000Z";
    String to = "400101000000Z";

    Certificate build(KeyPair pair, SecureRandom random) throws Exception {
      byte[] name = tlv(
          0x30,
          rdn("06", 0x13, country),
          rdn("0a", 0x0c, "Example"),
          rdn("0b", 0x0c, unit),
          rdn("03", 0x0c, "Key"));
      byte[] constraints =
          extension("0603551d13", false, HEX.parseHex(authority ? "30030101ff" : "3000"));
      byte[] aaguid =
          model == null ? new byte[0] : extension("060b2b0601040182e51c010104", critical, model);
      byte[] signed = tlv(
          0x30,
          version1 ? new byte[0] : HEX.parseHex("a003020102"),
          HEX.parseHex("02020123"),
          ECDSA_SHA256,
          name,
          tlv(0x30, tlv(0x17, from.getBytes()), tlv(0x17, to.getBytes())),
          name,
          pair.getPublic().getEncoded(),
          version1 ? new byte[0] : tlv(0xa3, tlv(0x30, constraints, aaguid)));
      Signature ecdsa = Signature.getInstance("SHA256withECDSA");
      ecdsa.initSign(pair.getPrivate(), random);
      ecdsa.update(signed);
      return new Certificate(
          tlv(0x30, signed, ECDSA_SHA256, tlv(3, new byte[1], ecdsa.sign())), pair.getPrivate());
    }
  }

  private static byte[] rdn(String type, int kind, String value) {
    return tlv(0x31, tlv(0x30, HEX.parseHex("06035504" + type), tlv(kind, value.getBytes())));
  }

  private static byte[] extension(String oid, boolean critical, byte[] value) {
    return tlv(0x30, HEX.parseHex(oid), HEX.parseHex(critical ? "0101ff" : ""), tlv(4, value));
  }

  private static byte[] tlv(int tag, byte[]... parts) {
    byte[] value = Case.join(parts);
    int n = value.length;
    byte[] head = n < 0x80
        ? new byte[] {(byte) tag, (byte) n}
        : n < 0x100
            ? new byte[] {(byte) tag, (byte) 0x81, (byte) n}
            : new byte[] {(byte) tag, (byte) 0x82, (byte) (n >> 8), (byte) n};
    return Case.join(head, value);
  }
}
