package org.u2f4j.examples.account;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2id (RFC 9106), in the usual form {@code $argon2id$v=19$m=19456,t=2,p=1$salt$hash}. */
final class Argon2PasswordHash implements PasswordHash {
  /**
   * What a hash costs.
   *
   * @param kibibytes memory
   * @param passes over that memory
   */
  record Cost(int kibibytes, int passes) {
    /** 19 MiB and two passes: what OWASP's cheat sheet on storing passwords asks for at least. */
    static final Cost USUAL = new Cost(19 * 1024, 2);
  }

  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final Pattern FORM =
      Pattern.compile("\\$argon2id\\$v=19\\$m=(\\d+),t=(\\d+),p=1\\$([^$]+)\\$([^$]+)");

  private final Cost cost;

  /** As many at once as there are processors: each takes memory, and more would gain no time. */
  private final Semaphore turns = new Semaphore(Runtime.getRuntime().availableProcessors(), true);

  Argon2PasswordHash(Cost cost) {
    this.cost = cost;
  }

  @Override
  public String hash(char[] password) {
    byte[] salt = Tokens.random(SALT_BYTES).toArray();
    return form(cost, salt, compute(password, cost, salt));
  }

  @Override
  public String nobody() {
    return form(
        cost, Tokens.random(SALT_BYTES).toArray(), Tokens.random(HASH_BYTES).toArray());
  }

  private static String form(Cost cost, byte[] salt, byte[] hash) {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=1$%s$%s"
        .formatted(
            cost.kibibytes, cost.passes, base64.encodeToString(salt), base64.encodeToString(hash));
  }

  @Override
  public boolean matches(char[] password, String kept) {
    Matcher parts = parse(kept);
    Cost then = new Cost(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
    byte[] expected = Base64.getDecoder().decode(parts.group(4));
    byte[] actual = compute(password, then, Base64.getDecoder().decode(parts.group(3)));
    return MessageDigest.isEqual(expected, actual);
  }

  @Override
  public boolean outdated(String kept) {
    Matcher parts = parse(kept);
    return Integer.parseInt(parts.group(1)) != cost.kibibytes
        || Integer.parseInt(parts.group(2)) != cost.passes;
  }

  private static Matcher parse(String kept) {
    Matcher parts = FORM.matcher(kept);
    if (!parts.matches()) {
      throw new IllegalArgumentException("a password hash in the database is not Argon2id's");
    }
    return parts;
  }

  private byte[] compute(char[] password, Cost cost, byte[] salt) {
    byte[] utf8 = utf8(password);
    turns.acquireUninterruptibly();
    try {
      Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
      argon2.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
          .withVersion(Argon2Parameters.ARGON2_VERSION_13)
          .withMemoryAsKB(cost.kibibytes)
          .withIterations(cost.passes)
          .withParallelism(1)
          .withSalt(salt)
          .build());
      byte[] hash = new byte[HASH_BYTES];
      argon2.generateBytes(utf8, hash);
      return hash;
    } finally {
      turns.release();
      Arrays.fill(utf8, (byte) 0);
    }
  }

  /** The same bytes for the same password, however the keyboard composes its letters (NFKC). */
  private static byte[] utf8(char[] password) {
    String normal = Normalizer.normalize(CharBuffer.wrap(password), Normalizer.Form.NFKC);
    ByteBuffer buffer = StandardCharsets.UTF_8.encode(normal);
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
