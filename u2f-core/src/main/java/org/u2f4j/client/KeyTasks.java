package org.u2f4j.client;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.StatusException;
import org.u2f4j.apdu.StatusWord;
import org.u2f4j.apdu.Transport;
import org.u2f4j.json.ErrorCode;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.message.AuthenticationRequest;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.RegistrationRequest;
import org.u2f4j.message.RegistrationResponse;

/** What a client does with one key, or several, whatever envelope it is asked in. */
abstract class KeyTasks {
  /**
   * A registration for nobody: Chromium's values, which keys with a screen recognise and show as
   * "touch to continue" and not as a registration.
   */
  static final RegistrationRequest BLINK = new RegistrationRequest(
      new ChallengeParameter(repeated(0x42)), new ApplicationParameter(repeated(0x41)));

  private static Bytes repeated(int value) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) value);
    return Bytes.of(bytes);
  }

  /** A signature, and which of the requests it answers. */
  record Signed(int index, AuthenticationResponse authentication) {}

  /** Why a key is the wrong one. */
  private enum Wrong {
    REGISTERED("this key is registered already"),
    NOT_REGISTERED("this key is not registered here");

    private final String sentence;

    Wrong(String sentence) {
      this.sentence = sentence;
    }

    ErrorCodeException exception() {
      return new ErrorCodeException(ErrorCode.DEVICE_INELIGIBLE, sentence);
    }
  }

  /** What a key is asked. It answers nothing if it is the wrong one. */
  private interface Question<T> {
    Optional<T> ask(U2fToken token, TouchPolling polling, Deadline end)
        throws IOException, StatusException, InterruptedException;
  }

  private KeyTasks() {}

  /** With a single key. One that is registered already has to be touched before that is told. */
  static KeyTasks with(Transport key, TouchPolling polling) {
    return new KeyTasks() {
      @Override
      <T> T ask(Question<T> question, Wrong wrong, Deadline end)
          throws ErrorCodeException, IOException, StatusException, InterruptedException {
        U2fToken token = new U2fToken(key);
        Optional<T> answer = question.ask(token, polling, end);
        if (answer.isEmpty() && wrong == Wrong.REGISTERED) {
          blink(token, polling, end);
        }
        return answer.orElseThrow(wrong::exception);
      }
    };
  }

  /**
   * With the key that is touched. If that one is registered already, the person has chosen, and it is
   * told; if it is not registered here, another one may be.
   */
  static KeyTasks with(TokenRace keys, TouchPolling polling) {
    return new KeyTasks() {
      @Override
      <T> T ask(Question<T> question, Wrong wrong, Deadline end)
          throws ErrorCodeException, IOException, InterruptedException {
        TokenRace.Operation<Optional<T>> operation = (key, touch, left) -> {
          U2fToken token = new U2fToken(key);
          Optional<T> answer = question.ask(token, touch, left);
          if (answer.isEmpty()) {
            boolean touched = blink(token, touch, left);
            if (!touched || wrong == Wrong.NOT_REGISTERED) {
              throw wrong.exception();
            }
          }
          return answer;
        };
        return keys.run(polling, operation, end).orElseThrow(wrong::exception);
      }
    };
  }

  abstract <T> T ask(Question<T> question, Wrong wrong, Deadline end)
      throws ErrorCodeException, IOException, StatusException, InterruptedException;

  /** Waits for a touch, for nothing; false if the key refuses. */
  private static boolean blink(U2fToken token, TouchPolling polling, Deadline end)
      throws IOException, InterruptedException {
    try {
      polling.poll(left -> token.register(BLINK, left), end);
    } catch (FormatException e) {
      // it was touched, and what it made of that does not matter
    } catch (StatusException e) {
      return false;
    }
    return true;
  }

  /** Registers, unless the key has one of the given registrations. */
  RegistrationResponse register(
      RegistrationRequest message, List<AuthenticationRequest> excluded, Deadline end)
      throws ErrorCodeException, InterruptedException {
    Question<RegistrationResponse> question = (token, polling, left) -> {
      for (AuthenticationRequest known : excluded) {
        if (token.owns(known, left)) {
          return Optional.empty();
        }
      }
      return Optional.of(polling.poll(rest -> token.register(message, rest), left));
    };
    return answer(question, Wrong.REGISTERED, end);
  }

  /** Signs with the first registration that the key has. */
  Signed sign(List<AuthenticationRequest> candidates, Deadline end)
      throws ErrorCodeException, InterruptedException {
    Question<Signed> question = (token, polling, left) -> {
      for (int i = 0; i < candidates.size(); i++) {
        AuthenticationRequest candidate = candidates.get(i);
        if (!token.owns(candidate, left)) {
          continue;
        }
        try {
          AuthenticationResponse authentication =
              polling.poll(rest -> token.authenticate(candidate, rest), left);
          return Optional.of(new Signed(i, authentication));
        } catch (StatusException e) {
          if (!e.unknownKeyHandle()) {
            throw e;
          }
          // some keys claim every key handle and only find out when they sign
        }
      }
      return Optional.empty();
    };
    return answer(question, Wrong.NOT_REGISTERED, end);
  }

  private <T> T answer(Question<T> question, Wrong wrong, Deadline end)
      throws ErrorCodeException, InterruptedException {
    try {
      return ask(question, wrong, end);
    } catch (DeadlineException e) {
      throw failed(ErrorCode.TIMEOUT, e);
    } catch (ClosedByInterruptException e) {
      Thread.interrupted(); // the exception takes its place
      throw new InterruptedException("interrupted while asking the key");
    } catch (IOException e) {
      throw failed(code(e), e);
    } catch (StatusException e) {
      throw failed(code(e.status()), e);
    }
  }

  /** Some of the JDK's exceptions say nothing but their name. */
  private static ErrorCodeException failed(ErrorCode code, Exception cause) {
    String message = cause.getMessage();
    return new ErrorCodeException(code, message == null ? cause.toString() : message, cause);
  }

  /** A race without a key left suppresses the reasons: the first one that has a code counts. */
  private static ErrorCode code(IOException failure) {
    for (Throwable reason : failure.getSuppressed()) {
      if (reason instanceof ErrorCodeException ineligible) {
        return ineligible.code();
      }
      if (reason instanceof StatusException answer) {
        return code(answer.status());
      }
    }
    return ErrorCode.OTHER_ERROR;
  }

  private static ErrorCode code(StatusWord status) {
    boolean notU2f = status.equals(StatusWord.COMMAND_NOT_ALLOWED)
        || status.equals(StatusWord.INS_NOT_SUPPORTED)
        || status.equals(StatusWord.CLA_NOT_SUPPORTED);
    return notU2f ? ErrorCode.CONFIGURATION_UNSUPPORTED : ErrorCode.OTHER_ERROR;
  }
}
