package org.u2f4j.hid;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.apdu.StatusWord;
import org.u2f4j.apdu.Transport;

/** A key that remembers what it did. No two of its answers are the same, nor is any too long. */
public final class JournalKey implements Transport {
  private record Entry(CommandApdu command, ResponseApdu response) {}

  private final List<Entry> journal = new ArrayList<>();
  private final int answerLength;

  /** A key whose answers have so many bytes and their status. */
  public JournalKey(int answerLength) {
    this.answerLength = answerLength;
  }

  @Override
  public ResponseApdu exchange(CommandApdu command, Deadline deadline) {
    Random serial = new Random(journal.size());
    ResponseApdu response =
        new ResponseApdu(Samples.random(serial, answerLength), StatusWord.NO_ERROR);
    journal.add(new Entry(command, response));
    return response;
  }

  /** Every answer that was given to a command. */
  public List<ResponseApdu> answersTo(CommandApdu command) {
    return journal.stream()
        .filter(entry -> entry.command.equals(command))
        .map(Entry::response)
        .toList();
  }

  /** A command whose answer may be lost only once: REGISTER, or AUTHENTICATE with a signature. */
  public static CommandApdu unrepeatable(Random random) {
    boolean register = random.nextBoolean();
    Bytes data = Samples.random(random, register ? 64 : 65 + random.nextInt(190));
    return new CommandApdu(register ? 1 : 2, register ? 0 : 3, data);
  }

  /** A command that may be asked twice: check-only, or VERSION. */
  public static CommandApdu repeatable(Random random) {
    return random.nextBoolean()
        ? new CommandApdu(2, 7, Samples.random(random, 65 + random.nextInt(190)))
        // other values than 0 tell one question from the next
        : new CommandApdu(
            0,
            3,
            random.nextInt(256),
            random.nextInt(256),
            Bytes.EMPTY,
            65_536,
            CommandApdu.Form.EXTENDED);
  }

  @Override
  public void close() {}
}
