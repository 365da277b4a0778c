package org.u2f4j.hid.token;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.u2f4j.Bytes;
import org.u2f4j.hid.Channel;

/** The reports that are to be sent, the earliest first. */
final class Outbox {
  /** A report of the answer to a channel's message; the time counts from any fixed point. */
  private record Entry(Channel channel, long at, TimedReport timed) {}

  private final List<Entry> entries = new ArrayList<>();

  void add(Channel channel, List<TimedReport> reply, long now) {
    for (TimedReport timed : reply) {
      Entry entry = new Entry(channel, now + timed.after().toNanos(), timed);
      int place = entries.size();
      while (place > 0 && entries.get(place - 1).at - entry.at > 0) {
        place--;
      }
      entries.add(place, entry);
    }
  }

  /** Takes out what is to be sent by now. What is sent for ever comes once, however late it is. */
  List<Bytes> take(long now) {
    int due = 0;
    while (due < entries.size() && entries.get(due).at - now <= 0) {
      due++;
    }
    List<Entry> taken = List.copyOf(entries.subList(0, due));
    entries.subList(0, due).clear();
    List<Bytes> reports = new ArrayList<>(due);
    for (Entry entry : taken) {
      reports.add(entry.timed.report());
      if (entry.timed.again()) {
        add(entry.channel, List.of(entry.timed), now);
      }
    }
    return reports;
  }

  boolean holds(Channel channel) {
    return entries.stream().anyMatch(entry -> entry.channel.equals(channel));
  }

  void drop(Channel channel) {
    entries.removeIf(entry -> entry.channel.equals(channel));
  }

  /** When something is to be sent next. */
  OptionalLong next() {
    return entries.isEmpty() ? OptionalLong.empty() : OptionalLong.of(entries.get(0).at);
  }
}
