package org.u2f4j.examples;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.Transport;
import org.u2f4j.client.FacetRule;
import org.u2f4j.client.TokenRace;
import org.u2f4j.client.TouchPolling;
import org.u2f4j.client.WebAuthnClient;
import org.u2f4j.examples.account.Prompt;
import org.u2f4j.json.CreationOptions;
import org.u2f4j.json.ErrorCode;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.json.RequestOptions;

/** Asks a key what an account wants to know, in the form of WebAuthn, as the page has a browser do. */
final class AccountKey {
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  /**
   * What there is to hand to the account.
   *
   * @param json the key's answer, or an error code
   * @param problem why it is an error code, if there is more to say than the code does
   */
  record Answer(String json, @Nullable Failure problem) {}

  private interface Question {
    String ask(WebAuthnClient client, Transport key, TouchPrompt touch)
        throws FormatException, ErrorCodeException, InterruptedException;

    String ask(WebAuthnClient client, TokenRace keys, TouchPrompt touch)
        throws FormatException, ErrorCodeException, InterruptedException;
  }

  private record Creation(Prompt prompt, String origin) implements Question {
    @Override
    public String ask(WebAuthnClient client, Transport key, TouchPrompt touch)
        throws FormatException, ErrorCodeException, InterruptedException {
      return client.create(options(), origin, key, touch.deadline()).toJson();
    }

    @Override
    public String ask(WebAuthnClient client, TokenRace keys, TouchPrompt touch)
        throws FormatException, ErrorCodeException, InterruptedException {
      return client.create(options(), origin, keys, touch.deadline()).toJson();
    }

    private CreationOptions options() throws FormatException, ErrorCodeException {
      return CreationOptions.decode(prompt.requestJson());
    }
  }

  private record SigningIn(Prompt prompt, String origin) implements Question {
    @Override
    public String ask(WebAuthnClient client, Transport key, TouchPrompt touch)
        throws FormatException, ErrorCodeException, InterruptedException {
      return client.get(options(), origin, key, touch.deadline()).toJson();
    }

    @Override
    public String ask(WebAuthnClient client, TokenRace keys, TouchPrompt touch)
        throws FormatException, ErrorCodeException, InterruptedException {
      return client.get(options(), origin, keys, touch.deadline()).toJson();
    }

    private RequestOptions options() throws FormatException, ErrorCodeException {
      return RequestOptions.decode(prompt.requestJson());
    }
  }

  private final Keys keys;
  private final String origin;
  private final Duration timeout;
  private final Terminal terminal;

  AccountKey(Keys keys, String origin, Duration timeout, Terminal terminal) {
    this.keys = keys;
    this.origin = origin;
    this.timeout = timeout;
    this.terminal = terminal;
  }

  Answer create(Prompt prompt) throws InterruptedException {
    return ask(new Creation(prompt, origin));
  }

  Answer get(Prompt prompt) throws InterruptedException {
    return ask(new SigningIn(prompt, origin));
  }

  private Answer ask(Question question) throws InterruptedException {
    TouchPrompt touch = new TouchPrompt(terminal, timeout);
    if (terminal.inIsTerminal()) {
      touch.cancelWithEnter(terminal.in());
    }
    WebAuthnClient client = new WebAuthnClient(FacetRule.sameHost(), new TouchPolling(touch));
    try {
      return Interruption.interruptible(() -> {
        if (terminal.errIsTerminal()) {
          waitForOne(touch);
        }
        try (TraceFile trace = TraceFile.none()) {
          if (keys.chosenByTouch() && !keys.nonePluggedIn()) {
            return new Answer(question.ask(client, keys.race(touch, trace), touch), null);
          }
          try (Transport key = keys.open(touch, trace)) {
            return new Answer(question.ask(client, key, touch), null);
          }
        } catch (ErrorCodeException e) {
          return new Answer(e.toJson(), e.getCause() instanceof IOException io ? told(io) : null);
        } catch (FormatException e) {
          throw new IllegalStateException("an account's own request cannot be read", e);
        } catch (IOException e) {
          throw UsbKeys.failure(e);
        } finally {
          touch.done();
        }
      });
    } catch (TouchPrompt.CancelledException e) {
      return answer(
          ErrorCode.OTHER_ERROR,
          "cancelled",
          new Failure(Exit.REFUSED, "cancelled: the security key was not used"));
    } catch (Failure e) {
      return answer(ErrorCode.OTHER_ERROR, String.valueOf(e.getMessage()), e);
    }
  }

  private static Answer answer(ErrorCode code, String message, @Nullable Failure problem) {
    return new Answer(new ErrorCodeException(code, message).toJson(), problem);
  }

  /** What the way to the key has to say; that the time ran out the account says itself. */
  private static @Nullable Failure told(IOException problem) {
    return problem instanceof DeadlineException ? null : UsbKeys.failure(problem);
  }

  private void waitForOne(TouchPrompt touch) throws Failure, InterruptedException {
    while (keys.nonePluggedIn() && !touch.deadline().expired()) {
      touch.insertNow();
      touch.deadline().sleep(LOOK_EVERY);
    }
    touch.done();
  }
}
