package org.u2f4j.hid.token;

import java.util.List;
import org.u2f4j.Bytes;
import org.u2f4j.hid.Channel;
import org.u2f4j.hid.CtapHidCommand;
import org.u2f4j.hid.CtapHidError;
import org.u2f4j.hid.Message;

/** A whole message that a token was sent, and what it can do with it. */
record Question(Message message, long now, int reportSize, Commands commands, Channels channels) {
  private boolean isInit() {
    return message.command().equals(CtapHidCommand.INIT);
  }

  Channel channel() {
    return message.channel();
  }

  /** Does what is asked. */
  List<TimedReport> answer() {
    return answer(Bytes.EMPTY);
  }

  /** Does what is asked; if that is INIT, more than necessary is answered. */
  List<TimedReport> answer(Bytes behindInit) {
    Message answer = commands.answer(message, now);
    Bytes payload = isInit() ? Bytes.concat(answer.payload(), behindInit) : answer.payload();
    return packets(new Message(channel(), answer.command(), payload));
  }

  /** Does nothing. */
  List<TimedReport> refuse(CtapHidError error) {
    return packets(Commands.error(channel(), error));
  }

  List<TimedReport> packets(Message sent) {
    return TimedReport.packets(sent, reportSize);
  }
}
