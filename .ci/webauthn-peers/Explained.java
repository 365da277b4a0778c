import java.util.HashMap;
import java.util.Map;

/** Why this library stands alone with its verdict, where that is meant: by change, and by what it says itself. */
final class Explained {
  static final String ACCEPTED = "ACCEPTED";

  private static final Map<String, Map<String, String>> REASONS = new HashMap<>();

  static {
  }

  private Explained() {}

  private static void say(String verdict, String why, String... changes) {
    for (String change : changes) {
      REASONS.computeIfAbsent(change, name -> new HashMap<>()).put(verdict, why);
    }
  }

  /** Null if nobody meant it. */
  static String why(String change, String verdict) {
    return REASONS.getOrDefault(change, Map.of()).get(verdict);
  }
}
