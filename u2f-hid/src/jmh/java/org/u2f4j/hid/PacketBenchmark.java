package org.u2f4j.hid;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.u2f4j.Bytes;

/** Cutting a message into packets and joining them, beside copying the same bytes in the same run. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PacketBenchmark {
  @Param({"64", "1024"})
  public int length;

  private byte[] bytes;
  private byte[] copy;
  private Message message;
  private final MessageSplitter splitter = new MessageSplitter();
  private final MessageAssembler assembler = new MessageAssembler();
  private final Packet packet = new Packet(Packet.MAX_SIZE);

  @Setup
  public void setUp() {
    bytes = new byte[length];
    copy = new byte[length];
    new Random(1).nextBytes(bytes);
    message = new Message(new Channel(0x0100_BC54), CtapHidCommand.PING, Bytes.of(bytes));
    splitAndAssemble();
    if (!assembler.payload().equals(message.payload())) {
      throw new IllegalStateException("other bytes came out");
    }
  }

  @Benchmark
  public MessageAssembler splitAndAssemble() {
    splitter.begin(message, Packet.MAX_SIZE);
    while (splitter.next(packet)) {
      assembler.accept(packet);
    }
    return assembler;
  }

  @Benchmark
  public byte[] copy() {
    System.arraycopy(bytes, 0, copy, 0, bytes.length);
    return copy;
  }
}
