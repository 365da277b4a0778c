package org.u2f4j.verifier;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was used last, without a lock on reading. Two generations: when the young one is full
 * it becomes the old one, and what is used of that moves back to the young one. So at least the
 * last half of the capacity is kept, and never more than all of it.
 */
final class BoundedCache<K, V> {
  private final int generationSize;
  private volatile ConcurrentHashMap<K, V> young = new ConcurrentHashMap<>();
  private volatile ConcurrentHashMap<K, V> old = new ConcurrentHashMap<>();

  BoundedCache(int capacity) {
    this.generationSize = capacity / 2;
  }

  /** The value kept for a key, or null. */
  @Nullable
  V get(K key) {
    V value = young.get(key);
    if (value == null) {
      value = old.get(key);
      if (value != null) {
        put(key, value);
      }
    }
    return value;
  }

  void put(K key, V value) {
    if (young.mappingCount() >= generationSize) {
      turn();
    }
    young.put(key, value);
  }

  private synchronized void turn() {
    if (young.mappingCount() >= generationSize) {
      old = young;
      young = new ConcurrentHashMap<>();
    }
  }
}
