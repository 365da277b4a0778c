package org.u2f4j.hid.token;

import java.time.Duration;
import java.util.List;
import org.u2f4j.Bytes;
import org.u2f4j.hid.Message;

/**
 * A report that the token is to send.
 *
 * @param report the report
 * @param after how long from now
 * @param again whether it is sent again and again, after as long each time
 */
record TimedReport(Bytes report, Duration after, boolean again) {
  /** Everything at once. */
  static List<TimedReport> packets(Message message, int reportSize) {
    return message.split(reportSize).stream()
        .map(report -> new TimedReport(report, Duration.ZERO, false))
        .toList();
  }

  TimedReport with(Bytes other) {
    return new TimedReport(other, after, again);
  }

  /** The same, sent for ever; it needs some time between. */
  TimedReport every(Duration time) {
    return new TimedReport(report, time, true);
  }

  TimedReport later(Duration time) {
    return new TimedReport(report, after.plus(time), again);
  }
}
