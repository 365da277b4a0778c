package org.u2f4j.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.u2f4j.json.SignResponse;

/** Many finishes at once, and what must be true of them afterwards. */
public final class Attack {
  private static final int THREADS = 8;

  private Attack() {}

  /** How many finishes: as the property "u2f4j.finishes" says, else so many that a build stays short. */
  public static int finishes(int usual) {
    return Integer.getInteger("u2f4j.finishes", usual);
  }

  /**
   * Counters that rise, each given several times and not quite in order.
   *
   * @param count how many
   * @param seed of what is random
   */
  public static List<Long> interleaved(int count, long seed) {
    Random random = new Random(seed);
    return LongStream.range(0, count)
        .map(i -> 1 + i / 4 + random.nextInt(8))
        .boxed()
        .toList();
  }

  /** Runs a task on several threads at once; their failures are this one's. */
  public static <T> List<T> together(int threads, Callable<T> task) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    CyclicBarrier start = new CyclicBarrier(threads);
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        futures.add(executor.submit(() -> {
          start.await();
          return task.call();
        }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } finally {
      executor.shutdownNow();
    }
  }

  /**
   * Finishes an authentication with each of these counters, several at once.
   *
   * @return those that were accepted, in no order
   */
  public static Collection<Long> finish(RelyingParty party, List<Long> counters, Answer answer)
      throws Exception {
    PendingAuthentication pending = party.startAuthentication("account");
    AtomicInteger next = new AtomicInteger();
    Collection<Long> accepted = new ConcurrentLinkedQueue<>();
    together(THREADS, () -> {
      for (int i = next.getAndIncrement(); i < counters.size(); i = next.getAndIncrement()) {
        try {
          party.finishAuthentication(pending, answer.to(pending, counters.get(i)));
          accepted.add(counters.get(i));
        } catch (VerificationException e) {
          assertEquals(Reason.COUNTER_REFUSED, e.reason(), e.getMessage());
        }
      }
      return null;
    });
    return accepted;
  }

  /** Makes a response. */
  public interface Answer {
    SignResponse to(PendingAuthentication pending, long counter) throws Exception;
  }

  /** Asserts that no counter was accepted twice, and that the highest one is stored. */
  public static void assertSound(RegistrationStore store, Collection<Long> accepted) {
    TreeSet<Long> distinct = new TreeSet<>(accepted);
    assertEquals(distinct.size(), accepted.size(), "accepted twice, among " + accepted.size());
    assertEquals(distinct.last(), stored(store));
  }

  /** The stored counter. */
  public static Long stored(RegistrationStore store) {
    return store.find(CounterKey.KEY_HANDLE).orElseThrow().counter();
  }

  /** Looks at the stored counter again and again while something is done: it may only rise. */
  public static <T> T watching(RegistrationStore store, Callable<T> task) throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      Future<T> result = executor.submit(task);
      long last = -1;
      int looks = 0;
      while (!result.isDone()) {
        Long stored = stored(store);
        long now = stored == null ? -1 : stored;
        assertTrue(now >= last, "from " + last + " to " + now);
        last = now;
        looks++;
        Thread.sleep(1);
      }
      assertTrue(looks > 1, "nobody looked");
      return result.get();
    } finally {
      executor.shutdownNow();
    }
  }
}
