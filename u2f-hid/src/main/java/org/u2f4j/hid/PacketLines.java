package org.u2f4j.hid;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.hid.MessageAssembler.Outcome;

/** Says what reports are: one line for each packet, and one for each message that it completes. */
final class PacketLines {
  /** How many messages may be open at once, which a stranger's packets could otherwise drive up. */
  private static final int MOST_OPEN = 16;

  private record Stream(Channel channel, boolean fromKey) {}

  private final PacketTrace.Formatter formatter;
  private final Map<Stream, MessageAssembler> open = new LinkedHashMap<>();

  PacketLines(PacketTrace.Formatter formatter) {
    this.formatter = formatter;
  }

  synchronized List<String> of(Bytes report, boolean fromKey) {
    List<String> lines = new ArrayList<>();
    if (report.length() < Packet.MIN_SIZE || report.length() > Packet.MAX_SIZE) {
      lines.add("no packet, " + report.length() + " bytes");
      return lines;
    }
    Packet packet = new Packet(report.length()).fill(report);
    lines.add("packet " + packet);
    Stream stream = new Stream(packet.channel(), fromKey);
    MessageAssembler assembler = open.remove(stream);
    if (assembler == null || packet.isFirst()) {
      assembler = new MessageAssembler();
    }
    Outcome outcome = assembler.accept(packet);
    if (outcome == Outcome.MORE) {
      if (open.size() == MOST_OPEN) {
        open.remove(open.keySet().iterator().next());
      }
      open.put(stream, assembler);
    } else if (outcome == Outcome.COMPLETE) {
      Message message = new Message(packet.channel(), assembler.command(), assembler.payload());
      String told = told(message, fromKey);
      lines.add("message %s%s".formatted(message, told.isEmpty() ? "" : ", " + told));
    } else {
      lines.add(outcome == Outcome.TOO_LONG ? "too long for a message" : "out of sequence");
    }
    return lines;
  }

  private String told(Message message, boolean fromKey) {
    Bytes payload = message.payload();
    if (!fromKey || payload.length() == 0) {
      return formatter.format(message, fromKey);
    }
    if (message.command().equals(CtapHidCommand.INIT)) {
      try {
        InitResponse response = InitResponse.decode(payload);
        return "channel %s, %s".formatted(response.channel(), response.info());
      } catch (FormatException e) {
        return String.valueOf(e.getMessage());
      }
    }
    if (message.command().equals(CtapHidCommand.ERROR)) {
      return new CtapHidError(payload.at(0)).toString();
    }
    if (message.command().equals(CtapHidCommand.KEEPALIVE)) {
      return "status " + payload.at(0);
    }
    return formatter.format(message, fromKey);
  }
}
