package org.u2f4j.examples.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many at once. */
final class Race {
  interface Use {
    void run() throws Exception;
  }

  interface Runner {
    String run(int number) throws Exception;
  }

  private Race() {}

  /** What each said, or why it was refused. */
  static List<String> run(int count, Runner runner) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      CountDownLatch start = new CountDownLatch(count);
      List<Future<String>> futures = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        futures.add(threads.submit(() -> {
          start.countDown();
          start.await();
          try {
            return runner.run(number);
          } catch (RefusedException e) {
            return e.reason().name();
          }
        }));
      }
      List<String> outcomes = new ArrayList<>();
      for (Future<String> future : futures) {
        outcomes.add(future.get());
      }
      return outcomes;
    } finally {
      threads.shutdown();
    }
  }

  /** One succeeded, and all others were refused for one of these reasons. */
  static void assertOne(List<String> outcomes, Refusal... reasons) {
    Set<String> expected =
        Set.copyOf(List.of(reasons).stream().map(Refusal::name).toList());
    List<String> others =
        outcomes.stream().filter(outcome -> !expected.contains(outcome)).toList();
    assertEquals(1, others.size(), outcomes::toString);
    assertTrue(
        List.of(Refusal.values()).stream().noneMatch(one -> one.name().equals(others.get(0))),
        outcomes::toString);
  }
}
