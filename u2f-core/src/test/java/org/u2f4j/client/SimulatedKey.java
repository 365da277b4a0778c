package org.u2f4j.client;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.u2f4j.Bytes;
import org.u2f4j.KeyHandle;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.apdu.StatusWord;
import org.u2f4j.apdu.Transport;
import org.u2f4j.message.AuthenticationRequest;
import org.u2f4j.message.Control;
import org.u2f4j.message.RegistrationRequest;
import org.u2f4j.message.Request;

/**
 * A key in {@link VirtualTime}: when it is plugged in, touched and pulled out, and what is wrong with
 * it. Its answers name it, so that a test sees whose they are.
 */
final class SimulatedKey implements KeySource.Key {
  static final long NEVER = Long.MAX_VALUE;

  /** What is wrong with a key. */
  enum Fault {
    /** Nothing. */
    NONE,
    /** Does not answer before the deadline. */
    MUTE,
    /** Does not answer before it is closed; an interrupt does not help. */
    DEAF,
    /** Does not answer, in native code: neither helps, nor the deadline. */
    STUCK,
    /** The same when it is opened. */
    STUCK_OPENING,
    /** Does not come back from being closed. */
    STUCK_CLOSING,
    /** Cannot be opened. */
    LOCKED,
    /** Cannot be opened the first time. */
    LOCKED_AT_FIRST,
    /** Cannot be reached the first time. */
    LOST_AT_FIRST,
    /** Answers 6F00 to everything. */
    ERRORS,
    /** The same, and does not come back from being closed. */
    ERRORS_AND_STUCK_CLOSING,
    /** Refuses what it does not like without waiting for a touch. */
    RUDE,
    /** What it answers does not parse. */
    GARBAGE,
    /** Says that every key handle is its own, and finds out when it is touched. */
    CLAIMS_ALL,
    /** The same, but does not answer when it is to sign. */
    CLAIMS_ALL_AND_HANGS;

    static final Set<Fault> NATIVE =
        EnumSet.of(STUCK, STUCK_OPENING, STUCK_CLOSING, ERRORS_AND_STUCK_CLOSING);
  }

  private final VirtualTime time;
  private final SimulatedSource source;
  final int id;
  final Object identity = new Object();

  // the plan, in milliseconds
  long pluggedIn;
  long pulledOut = NEVER;
  long touched = NEVER;
  Fault fault = Fault.NONE;

  /** Whether it has made the registration whose key handle is {@link #keyHandle()}. */
  boolean registered;

  // what has come of it
  int timesOpened;
  int open;
  int told;

  /** Whether it was touched when it waited for it. */
  boolean used;

  long usedAt;

  /** The same, but when it waited for nothing: a registration for nobody. */
  boolean blinked;

  SimulatedKey(VirtualTime time, SimulatedSource source, int id) {
    this.time = time;
    this.source = source;
    this.id = id;
  }

  KeyHandle keyHandle() {
    return new KeyHandle(Bytes.of((byte) id));
  }

  boolean isThere() {
    return pluggedIn <= time.millis() && time.millis() < pulledOut;
  }

  @Override
  public Object identity() {
    return identity;
  }

  @Override
  public String name() {
    return "key " + id;
  }

  @Override
  public String toString() {
    return "%s %s in %s out %s touched %s%s"
        .formatted(name(), fault, pluggedIn, pulledOut, touched, registered ? " registered" : "");
  }

  @Override
  public Transport open(Deadline deadline) throws IOException, InterruptedException {
    time.pass();
    timesOpened++;
    if (fault == Fault.STUCK_OPENING) {
      time.stuckUntil(() -> source.unstuck);
    }
    if (!isThere()) {
      throw new IOException("the key is gone");
    }
    if (fault == Fault.LOCKED || (fault == Fault.LOCKED_AT_FIRST && timesOpened == 1)) {
      throw new IOException("no permission");
    }
    open++;
    return new Line();
  }

  private final class Line implements Transport {
    private boolean closed;
    private boolean asked;
    private final Set<KeyHandle> claimedHandles = new HashSet<>();

    @Override
    public ResponseApdu exchange(CommandApdu command, Deadline deadline)
        throws IOException, InterruptedException {
      check(!asked, "two callers at once");
      check(!source.over, "asked after the call has returned");
      asked = true;
      try {
        time.sleep(Duration.ofMillis(time.random().nextInt(source.slowness + 1)));
        requireUsable();
        misbehave(deadline);
        return answer(Request.decode(command));
      } finally {
        asked = false;
      }
    }

    private void requireUsable() throws IOException {
      if (closed) {
        throw new IOException("closed");
      }
      if (!isThere()) {
        throw new IOException("the key is gone");
      }
    }

    private void misbehave(Deadline deadline) throws IOException, InterruptedException {
      switch (fault) {
        case MUTE -> {
          deadline.sleep(deadline.remaining());
          throw new DeadlineException("the key has not answered in time");
        }
        case DEAF -> time.stuckUntil(() -> closed);
        case STUCK -> time.stuckUntil(() -> source.unstuck);
        case LOST_AT_FIRST -> {
          if (timesOpened == 1) {
            throw new IOException("lost");
          }
        }
        default -> {}
      }
      requireUsable();
    }

    private ResponseApdu answer(Request request) throws IOException, InterruptedException {
      if (fault == Fault.ERRORS || fault == Fault.ERRORS_AND_STUCK_CLOSING) {
        return new ResponseApdu(new StatusWord(0x6F00));
      }
      if (request instanceof AuthenticationRequest question) {
        boolean check = question.control() == Control.CHECK_ONLY;
        check(
            check || claimedHandles.contains(question.keyHandle()),
            "asked to sign with what it does not claim");
        boolean own = registered && question.keyHandle().equals(keyHandle());
        boolean claimed = own || fault.name().startsWith("CLAIMS_ALL");
        if (!claimed) {
          return new ResponseApdu(StatusWord.WRONG_DATA);
        }
        if (check) {
          claimedHandles.add(question.keyHandle());
          return new ResponseApdu(StatusWord.CONDITIONS_NOT_SATISFIED);
        }
        if (fault == Fault.CLAIMS_ALL_AND_HANGS) {
          time.stuckUntil(() -> closed);
          requireUsable();
        }
        if (!touch()) {
          return new ResponseApdu(StatusWord.CONDITIONS_NOT_SATISFIED);
        }
        if (!own) {
          return new ResponseApdu(StatusWord.WRONG_DATA);
        }
        used = true;
        return answer("01" + "%08x".formatted(id) + "3006020101020101");
      }
      boolean forNobody = request.equals(KeyTasks.BLINK);
      check(forNobody || request instanceof RegistrationRequest, "an unknown question");
      if (forNobody && fault == Fault.RUDE) {
        return new ResponseApdu(StatusWord.WRONG_DATA);
      }
      if (!touch()) {
        return new ResponseApdu(StatusWord.CONDITIONS_NOT_SATISFIED);
      }
      used |= !forNobody;
      blinked |= forNobody;
      return answer("05"
          + "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
          + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
          + "01%02x".formatted(id)
          + "30020500"
          + "3006020101020101");
    }

    private boolean touch() {
      boolean now = touched <= time.millis();
      touched = now ? NEVER : touched;
      usedAt = time.millis();
      return now;
    }

    private ResponseApdu answer(String hex) throws IOException {
      return new ResponseApdu(
          Bytes.fromHex(fault == Fault.GARBAGE ? "ff" : hex), StatusWord.NO_ERROR);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        open--;
      }
      time.pass();
      if (fault == Fault.STUCK_CLOSING || fault == Fault.ERRORS_AND_STUCK_CLOSING) {
        time.stuckUntil(() -> source.unstuck);
      }
    }
  }

  private static void check(boolean ok, String otherwise) {
    if (!ok) {
      throw new AssertionError(otherwise);
    }
  }
}
