package org.u2f4j.examples;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.client.FacetRule;
import org.u2f4j.client.TouchPolling;
import org.u2f4j.client.WebAuthnClient;
import org.u2f4j.examples.account.Prompt;
import org.u2f4j.json.CreationOptions;
import org.u2f4j.json.ErrorCode;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.json.RequestOptions;

/** Asks a key what an account wants to know, in the form of WebAuthn, as the page has a browser do. */
final class AccountKey {
  /**
   * What there is to hand to the account.
   *
   * @param json the key's answer, or an error code
   * @param problem why it is an error code, if there is more to say than the code does
   */
  record Answer(String json, @Nullable Failure problem) {}

  private interface Question {
    String ask(WebAuthnClient client, TouchPrompt touch)
        throws FormatException, ErrorCodeException, Failure, InterruptedException;
  }

  private final Keys keys;
  private final String origin;
  private final Duration timeout;
  private final TraceFile trace;
  private final Terminal terminal;

  AccountKey(Keys keys, String origin, Duration timeout, TraceFile trace, Terminal terminal) {
    this.keys = keys;
    this.origin = origin;
    this.timeout = timeout;
    this.trace = trace;
    this.terminal = terminal;
  }

  Answer create(Prompt prompt) throws InterruptedException {
    return ask("Enter cancels", (client, touch) -> {
      CreationOptions options = CreationOptions.decode(prompt.requestJson());
      Deadline end = touch.deadline();
      return keys.ask(
              key -> client.create(options, origin, key, end),
              race -> client.create(options, origin, race, end),
              touch,
              trace)
          .toJson();
    });
  }

  Answer get(Prompt prompt) throws InterruptedException {
    return ask("Enter for other ways", (client, touch) -> {
      RequestOptions options = RequestOptions.decode(prompt.requestJson());
      Deadline end = touch.deadline();
      return keys.ask(
              key -> client.get(options, origin, key, end),
              race -> client.get(options, origin, race, end),
              touch,
              trace)
          .toJson();
    });
  }

  private Answer ask(String enter, Question question) throws InterruptedException {
    TouchPrompt touch = new TouchPrompt(terminal, timeout);
    if (terminal.inIsTerminal()) {
      touch.cancelWithEnter(terminal.in(), enter);
    }
    WebAuthnClient client = new WebAuthnClient(FacetRule.sameHost(), new TouchPolling(touch));
    try {
      return Interruption.interruptible(() -> {
        try {
          return new Answer(question.ask(client, touch), null);
        } catch (ErrorCodeException e) {
          return new Answer(e.toJson(), e.getCause() instanceof IOException io ? told(io) : null);
        } catch (FormatException e) {
          throw new IllegalStateException("an account's own request cannot be read", e);
        } finally {
          touch.end();
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

  /** What the way to the key has to say; if it is only that the time ran out, the account says so. */
  private static @Nullable Failure told(IOException problem) {
    boolean all = problem instanceof DeadlineException && problem.getSuppressed().length == 0;
    return all ? null : UsbKeys.failure(problem);
  }
}
