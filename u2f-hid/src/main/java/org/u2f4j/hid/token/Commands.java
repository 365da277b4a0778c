package org.u2f4j.hid.token;

import java.io.IOException;
import java.time.Duration;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.apdu.StatusWord;
import org.u2f4j.apdu.Transport;
import org.u2f4j.hid.Channel;
import org.u2f4j.hid.CtapHidCommand;
import org.u2f4j.hid.CtapHidError;
import org.u2f4j.hid.DeviceInfo;
import org.u2f4j.hid.InitResponse;
import org.u2f4j.hid.Message;

/** What a token does with a message that is whole (CTAP 2.1, section 11.2.9). */
final class Commands {
  /** U2F never waits for a touch: a key says at once that it needs one. */
  private static final Duration KEY_TIMEOUT = Duration.ofSeconds(1);

  private static final int MAX_LOCK_SECONDS = 10;

  private final Transport key;
  private final DeviceInfo info;
  private final Runnable wink;
  private final Channels channels;
  private final Lock lock;
  private final int longest;

  /** Answers have so many bytes at the most. */
  Commands(
      Transport key, DeviceInfo info, Runnable wink, Channels channels, Lock lock, int longest) {
    this.key = key;
    this.info = info;
    this.wink = wink;
    this.channels = channels;
    this.lock = lock;
    this.longest = longest;
  }

  static Message error(Channel channel, CtapHidError error) {
    return new Message(channel, CtapHidCommand.ERROR, Bytes.of((byte) error.code()));
  }

  /** The answer, at the given moment. */
  Message answer(Message message, long now) {
    lock.renew(message.channel(), now);
    Bytes payload = message.payload();
    CtapHidCommand command = message.command();
    if (command.equals(CtapHidCommand.INIT)) {
      return init(message);
    }
    if (command.equals(CtapHidCommand.PING)) {
      return reply(message, payload);
    }
    // device tests send them empty, whether or not the key serves them
    boolean carrier = command.equals(CtapHidCommand.MSG) || command.equals(CtapHidCommand.CBOR);
    if (carrier && payload.length() == 0) {
      return error(message.channel(), CtapHidError.INVALID_LEN);
    }
    if (command.equals(CtapHidCommand.MSG) && info.speaksU2f()) {
      return exchange(message);
    }
    if (command.equals(CtapHidCommand.WINK) && info.winks()) {
      return wink(message);
    }
    if (command.equals(CtapHidCommand.LOCK) && info.locks()) {
      return lock(message, now);
    }
    return error(message.channel(), CtapHidError.INVALID_CMD);
  }

  private Message reply(Message message, Bytes payload) {
    return payload.length() <= longest
        ? new Message(message.channel(), message.command(), payload)
        : error(message.channel(), CtapHidError.OTHER);
  }

  private Message init(Message message) {
    Channel asking = message.channel();
    Channel channel = asking.equals(Channel.BROADCAST) ? channels.open() : asking;
    return reply(message, new InitResponse(message.payload(), channel, info).encode());
  }

  private Message exchange(Message message) {
    ResponseApdu response;
    try {
      CommandApdu command = CommandApdu.decode(message.payload());
      response = key.exchange(command, Deadline.after(KEY_TIMEOUT));
    } catch (FormatException e) {
      response = new ResponseApdu(StatusWord.WRONG_LENGTH);
    } catch (IOException e) {
      return error(message.channel(), CtapHidError.OTHER);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return error(message.channel(), CtapHidError.OTHER);
    }
    return reply(message, response.encode());
  }

  private Message wink(Message message) {
    if (message.payload().length() != 0) {
      return error(message.channel(), CtapHidError.INVALID_LEN);
    }
    wink.run();
    return reply(message, Bytes.EMPTY);
  }

  private Message lock(Message message, long now) {
    Bytes payload = message.payload();
    if (payload.length() != 1) {
      return error(message.channel(), CtapHidError.INVALID_LEN);
    }
    if (payload.at(0) > MAX_LOCK_SECONDS) {
      return error(message.channel(), CtapHidError.INVALID_PAR);
    }
    lock.hold(message.channel(), Duration.ofSeconds(payload.at(0)), now);
    return reply(message, Bytes.EMPTY);
  }
}
