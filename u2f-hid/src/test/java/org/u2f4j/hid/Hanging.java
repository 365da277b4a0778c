package org.u2f4j.hid;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A thread that hangs in a call, as in native code, until a test lets it come back. */
final class Hanging implements AutoCloseable {
  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch comeBack = new CountDownLatch(1);
  private final FutureTask<Void> task;

  /** What the thread does; it has to call {@link Hanging#hang} once. */
  interface Call {
    void run(Hanging self) throws Exception;
  }

  /** Starts the thread, and returns when it hangs. */
  Hanging(Call call) throws InterruptedException {
    Callable<Void> body = () -> {
      call.run(this);
      return null;
    };
    task = new FutureTask<>(body);
    Thread thread = new Thread(task, "hanging");
    thread.setDaemon(true);
    thread.start();
    inside.await();
  }

  void hang() {
    inside.countDown();
    boolean back = false;
    while (!back) {
      try {
        comeBack.await();
        back = true;
      } catch (InterruptedException e) {
        // native code does not notice
      }
    }
  }

  /** Lets it come back, and waits for the end of the thread. */
  void comeBack() throws InterruptedException, ExecutionException {
    comeBack.countDown();
    task.get();
  }

  @Override
  public void close() {
    comeBack.countDown();
  }
}
