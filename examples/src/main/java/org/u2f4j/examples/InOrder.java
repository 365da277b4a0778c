package org.u2f4j.examples;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.LineReader.Line;

/**
 * Works on lines in parallel and hands the results on in the order of the lines, each as soon as it
 * and all before it are there. A bounded number of lines is held, however long the input is.
 *
 * @param <R> what becomes of a line
 */
final class InOrder<R> {
  private static final int HELD_FOR_EACH_WORKER = 32;

  interface Work<R> {
    R of(Line line);
  }

  interface Sink<R> {
    /**
     * Takes a result.
     *
     * @param waiting whether the next one is not there yet, so that this one should be seen now
     * @return false to stop
     */
    boolean accept(R result, boolean waiting);
  }

  private final Work<R> work;
  private final int workers;

  /** What the reader has handed to the workers; null stands for the end of the input. */
  private final BlockingQueue<Future<@Nullable R>> queue;

  InOrder(Work<R> work, int workers) {
    this.work = work;
    this.workers = workers;
    this.queue = new ArrayBlockingQueue<>(workers * HELD_FOR_EACH_WORKER);
  }

  /** Reads to the end, or until the sink has had enough; returns whether it was the end. */
  boolean run(LineReader lines, Sink<R> sink) throws IOException, InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(workers, task -> daemon(task, "verify"));
    Thread reader = daemon(() -> read(lines, pool), "lines");
    reader.start();
    try {
      while (true) {
        R result = queue.take().get();
        if (result == null) {
          return true;
        }
        Future<@Nullable R> next = queue.peek();
        if (!sink.accept(result, next == null || !next.isDone())) {
          return false;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException problem) {
        throw problem;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      reader.interrupt(); // it may stay in a read that nothing ends, and is a daemon for that
      pool.shutdownNow();
    }
  }

  private void read(LineReader lines, ExecutorService pool) {
    try {
      try {
        for (Line line = lines.next(); line != null; line = lines.next()) {
          Line one = line;
          queue.put(pool.submit(() -> work.of(one)));
        }
        queue.put(CompletableFuture.completedFuture(null));
      } catch (IOException | RuntimeException e) {
        queue.put(CompletableFuture.failedFuture(e));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody wants more
    }
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
