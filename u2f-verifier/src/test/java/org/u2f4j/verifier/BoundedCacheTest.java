package org.u2f4j.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoundedCacheTest {
  private final BoundedCache<Integer, String> cache = new BoundedCache<>(8);

  private long kept(int keys) {
    return IntStream.range(0, keys).filter(key -> cache.get(key) != null).count();
  }

  private void put(int from, int to) {
    for (int key = from; key < to; key++) {
      cache.put(key, "value " + key);
    }
  }

  @Test
  void whatIsNotKeptIsNull() {
    assertNull(cache.get(1));
    cache.put(1, "one");
    cache.put(1, "uno");
    assertEquals("uno", cache.get(1));
    assertNull(cache.get(2));
  }

  @Test
  void theLastHalfIsKeptAndNeverMoreThanAll() {
    put(0, 8);
    assertEquals("value 0", cache.get(0)); // moves, and the second half becomes old
    put(8, 100);
    for (int key = 96; key < 100; key++) {
      assertEquals("value " + key, cache.get(key));
    }
    assertTrue(kept(100) <= 8);
    assertNull(cache.get(8));
  }

  @Test
  void whatIsUsedStays() {
    cache.put(-1, "used");
    for (int key = 0; key < 100; key++) {
      cache.put(key, "other");
      assertEquals("used", cache.get(-1));
    }
  }

  @Test
  void severalThreadsAgree() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Callable<Boolean> task = () -> IntStream.range(0, 20_000).allMatch(i -> {
        int key = i % 13;
        cache.put(key, "value " + key);
        String found = cache.get(key);
        return found == null || found.equals("value " + key);
      });
      for (Future<Boolean> result : threads.invokeAll(List.of(task, task, task, task))) {
        assertTrue(result.get());
      }
    } finally {
      threads.shutdown();
    }
    assertTrue(kept(13) <= 8 + 4);
  }
}
