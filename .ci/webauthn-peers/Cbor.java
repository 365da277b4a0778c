import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes CBOR, also what is wrong. */
final class Cbor {
  static final int BYTES = 2;
  static final int TEXT = 3;
  static final int LIST = 4;
  static final int MAP = 5;
  static final byte[] BREAK = {(byte) 0xff};

  private Cbor() {}

  static byte[] head(int major, long number) {
    return head(major, number, number < 24 ? 0 : number < 0x100 ? 1 : number < 0x1_0000 ? 2 : 4);
  }

  /** With the number in so many bytes, needed or not. */
  static byte[] head(int major, long number, int length) {
    byte[] head = new byte[1 + length];
    int info = length == 0 ? (int) number : 24 + Integer.numberOfTrailingZeros(length);
    head[0] = (byte) (major << 5 | info);
    for (int i = 0; i < length; i++) {
      head[length - i] = (byte) (number >> 8 * i);
    }
    return head;
  }

  static byte[] number(long n) {
    return n < 0 ? head(1, -1 - n) : head(0, n);
  }

  static byte[] bytes(byte[] bytes) {
    return Case.join(head(BYTES, bytes.length), bytes);
  }

  static byte[] text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return Case.join(head(TEXT, utf8.length), utf8);
  }

  static byte[] list(List<byte[]> items) {
    return Case.join(head(LIST, items.size()), Case.join(items.toArray(new byte[0][])));
  }

  /** Of keys and values by turns. */
  static byte[] map(List<byte[]> members) {
    return Case.join(head(MAP, members.size() / 2), Case.join(members.toArray(new byte[0][])));
  }

  /** The same map or list with no length in front, for one of fewer than 24 members. */
  static byte[] indefinite(byte[] item) {
    byte[] copy = Case.join(item, BREAK);
    copy[0] = (byte) (copy[0] & 0xe0 | 31);
    return copy;
  }

  /** The same item with its number, one below 24, in a byte more than it needs. */
  static byte[] longer(byte[] item) {
    byte[] rest = java.util.Arrays.copyOfRange(item, 1, item.length);
    return Case.join(head((item[0] & 0xe0) >> 5, item[0] & 31, 1), rest);
  }
}
