package org.u2f4j.examples;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** What a mistyped word may have been meant for. */
final class Suggestion {
  private Suggestion() {}

  /** The words that begin with it, or are one slip away from it, two if they are long. */
  static List<String> near(String typed, Collection<String> words) {
    String plain = plain(typed);
    return words.stream()
        .filter(word -> plain.length() > 1
            && (plain(word).startsWith(plain)
                || slips(plain, plain(word)) <= (plain.length() > 5 ? 2 : 1)))
        .sorted()
        .toList();
  }

  private static String plain(String word) {
    return word.replaceFirst("^-+", "").toLowerCase(Locale.ROOT);
  }

  /** How many letters are missing, too many, wrong, or swapped with their neighbour. */
  private static int slips(String a, String b) {
    int[][] slips = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          slips[i][j] = i + j;
          continue;
        }
        int wrong = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(slips[i - 1][j], slips[i][j - 1]) + 1;
        least = Math.min(least, slips[i - 1][j - 1] + wrong);
        boolean swapped = i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1);
        slips[i][j] = swapped ? Math.min(least, slips[i - 2][j - 2] + 1) : least;
      }
    }
    return slips[a.length()][b.length()];
  }
}
