import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Lets three relying parties judge the same responses. Ends with 1 if ours stands alone and nobody said why. */
final class Peers {
  private static final int FEWEST = 2_000;

  private final Case.Judge ours = new Ours();
  private final Case.Judge server = new WebauthnServer();
  private final Case.Judge webauthn4j = new Webauthn4j();

  private int withBoth;
  private int withServer;
  private int withWebauthn4j;
  private int accepted;
  private final Map<String, Integer> explained = new TreeMap<>();
  private final Map<String, TreeSet<String>> changes = new TreeMap<>();
  private final Map<String, Integer> unexplained = new TreeMap<>();
  private final List<String> notGood = new ArrayList<>();
  private final Map<String, Integer> minorities = new TreeMap<>();

  private Peers() {}

  private void judge(Case response) {
    String our = ours.refusal(response);
    String first = server.refusal(response);
    String second = webauthn4j.refusal(response);
    boolean yes = our == null;
    accepted += yes ? 1 : 0;
    if (response.name().equals("nothing") && !(yes && first == null && second == null)) {
      notGood.add("%s: %s; %s; %s".formatted(response.kind(), our, first, second));
    }
    boolean likeFirst = yes == (first == null);
    boolean likeSecond = yes == (second == null);
    String verdict = yes ? Explained.ACCEPTED : our.substring(0, our.indexOf(':'));
    if (likeFirst && likeSecond) {
      withBoth++;
    } else if (likeFirst || likeSecond) {
      withServer += likeFirst ? 1 : 0;
      withWebauthn4j += likeSecond ? 1 : 0;
      minorities.merge(
          "%s %s alone: %s"
              .formatted(
                  likeFirst ? "webauthn4j-core" : "webauthn-server-core",
                  yes ? "refuses" : "accepts",
                  response.name()),
          1,
          Integer::sum);
    } else {
      alone(response, verdict, our, first, second);
    }
  }

  private void alone(Case response, String verdict, String our, String first, String second) {
    String why = Explained.why(response.name(), verdict);
    if (why == null) {
      unexplained.merge(
          "%s (%s)%n    ours: %s%n    webauthn-server-core: %s%n    webauthn4j-core: %s"
              .formatted(response.name(), response.kind(), our, first, second),
          1,
          Integer::sum);
    } else {
      String row = verdict + ": " + why;
      explained.merge(row, 1, Integer::sum);
      changes.computeIfAbsent(row, key -> new TreeSet<>()).add(response.name());
    }
  }

  private boolean report(boolean verbose) {
    int all = withBoth + withServer + withWebauthn4j + sum(explained) + sum(unexplained);
    System.out.printf(
        "%d responses, %d accepted: agreed with both %d, with webauthn-server-core alone %d, with webauthn4j-core alone %d, with none %d%n",
        all, accepted, withBoth, withServer, withWebauthn4j, sum(explained) + sum(unexplained));
    explained.forEach((row, count) -> System.out.printf(
        "  with none %4d: %s%n      in %s%n", count, row, String.join("; ", changes.get(row))));
    if (verbose) {
      minorities.forEach((row, count) -> System.out.printf("  %4d %s%n", count, row));
    }
    unexplained.forEach((row, count) -> System.out.printf("  UNEXPLAINED %d: %s%n", count, row));
    notGood.stream()
        .distinct()
        .limit(20)
        .forEach(row -> System.out.println("  NOT GOOD UNCHANGED: " + row));
    return unexplained.isEmpty() && notGood.isEmpty();
  }

  private static int sum(Map<?, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Takes the number of responses, the seed, and the folder of a corpus if there is one. */
  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[0]);
    Peers peers = new Peers();
    Mutants mutants = new Mutants(Long.parseLong(args[1]));
    for (int number = 0; number < count; number++) {
      peers.judge(mutants.next(number));
    }
    System.out.printf("%d kinds of change%n", mutants.changes());
    boolean good = peers.report(Boolean.getBoolean("minorities"));
    if (count < FEWEST || peers.accepted < count / 4) {
      System.err.printf(
          "%d responses, %d accepted: %d are expected, a quarter good%n",
          count, peers.accepted, FEWEST);
      good = false;
    }
    Path folder = Path.of(args[2]);
    if (Files.isDirectory(folder)) {
      Peers corpus = new Peers();
      Corpus.read(folder).forEach(corpus::judge);
      good &= corpus.report(true);
    } else {
      System.out.println("corpus: skipped, there is no folder " + folder);
    }
    System.exit(good ? 0 : 1);
  }
}
