package org.u2f4j.soft;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.AEADBadTagException;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.CommandApdu.Form;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.apdu.StatusWord;
import org.u2f4j.apdu.Transport;
import org.u2f4j.message.AuthenticationRequest;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.Control;
import org.u2f4j.message.RegistrationRequest;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.message.Request;
import org.u2f4j.message.VersionRequest;

/**
 * A U2F key in software.
 *
 * <p>It stores no registration: a key handle is the private key itself, encrypted (AES-256-GCM) for
 * this software key and one application parameter. All registrations share one counter.
 *
 * <p>It is strict, so that a program that works with it works with real keys: VERSION in its three
 * forms, and extended lengths with the longest Le for everything else; P1 of REGISTER is 00, 03 or
 * 83. Whatever else comes is answered with a status word. {@link #lenient()} relaxes that.
 *
 * <p>Instances are immutable; those made from one another share their registrations and counter.
 */
public final class SoftwareKey implements Transport {
  private static final StatusWord NO_PRECISE_DIAGNOSIS = new StatusWord(0x6F00);
  private static final Duration SLOWNESS = Duration.ofSeconds(1);

  private final KeyWrapping wrapping;
  private final Counter counter;
  private final Attestation attestation;
  private final UserPresence presence;
  private final Set<Defect> defects;
  private final boolean strict;

  private SoftwareKey(
      KeyWrapping wrapping,
      Counter counter,
      Attestation attestation,
      UserPresence presence,
      Set<Defect> defects,
      boolean strict) {
    this.wrapping = wrapping;
    this.counter = counter;
    this.attestation = attestation;
    this.presence = presence;
    this.defects = defects;
    this.strict = strict;
  }

  private static SoftwareKey of(Bytes wrappingKey, Counter counter) {
    return new SoftwareKey(
        new KeyWrapping(wrappingKey),
        counter,
        Attestation.test(),
        UserPresence.ALWAYS,
        Set.of(),
        true);
  }

  /**
   * A new key that lives as long as the program. It is touched whenever it asks, and its attestation
   * is {@link Attestation#test()}.
   *
   * @return the key
   */
  public static SoftwareKey create() {
    AtomicLong last = new AtomicLong();
    return of(KeyWrapping.newSecret(), deadline -> last.incrementAndGet());
  }

  /**
   * A key that lives in a file, which is made if there is none.
   *
   * <p>The file holds the secret unencrypted. Where files have POSIX permissions it is readable by its
   * owner alone; elsewhere, on Windows, it has whatever its folder gives it. A counter value is
   * on the disk before a signature with it leaves the key, and several processes may use one file.
   * It is touched whenever it asks, and its attestation is {@link Attestation#test()}.
   *
   * @param path the file; beside it come NAME.lock and for moments NAME.new
   * @param deadline when to give up if another process holds the file
   * @return the key
   * @throws FormatException if the file holds something else
   * @throws IOException if it cannot be read or made, or others may read it
   * @throws InterruptedException if the thread is interrupted while it waits for the lock
   */
  public static SoftwareKey open(Path path, Deadline deadline)
      throws IOException, InterruptedException {
    KeyFile file = KeyFile.open(path, deadline);
    return of(file.wrappingKey(), file);
  }

  /**
   * The same key with another attestation.
   *
   * @param other what it signs registrations with
   * @return a key that shares everything else
   */
  public SoftwareKey withAttestation(Attestation other) {
    return new SoftwareKey(wrapping, counter, other, presence, defects, strict);
  }

  /**
   * The same key under another finger.
   *
   * @param other asked for each touch
   * @return a key that shares everything else
   */
  public SoftwareKey withUserPresence(UserPresence other) {
    return new SoftwareKey(wrapping, counter, attestation, other, defects, strict);
  }

  /**
   * The same key with one thing wrong, besides what is wrong already.
   *
   * @param defect what is wrong
   * @return a key that shares everything else
   */
  public SoftwareKey withDefect(Defect defect) {
    Set<Defect> more = EnumSet.of(defect);
    more.addAll(defects);
    return new SoftwareKey(wrapping, counter, attestation, presence, more, strict);
  }

  /**
   * The same key taking every form of command that can be understood: short lengths, no Le, any P1
   * and P2 where they say nothing, and the drafts' control byte among the data.
   *
   * @return a key that shares everything else
   */
  public SoftwareKey lenient() {
    return new SoftwareKey(wrapping, counter, attestation, presence, defects, false);
  }

  @Override
  public ResponseApdu exchange(CommandApdu command, Deadline deadline)
      throws IOException, InterruptedException {
    if (defects.contains(Defect.MUTE)) {
      deadline.sleep(deadline.remaining());
    } else if (defects.contains(Defect.SLOW)) {
      deadline.sleep(SLOWNESS);
    }
    if (deadline.expired()) {
      throw new DeadlineException("the software key has not answered in time");
    }
    if (defects.contains(Defect.WRONG_STATUS)) {
      return new ResponseApdu(NO_PRECISE_DIAGNOSIS);
    }
    try {
      return answer(command, deadline);
    } catch (GeneralSecurityException e) {
      throw new IOException("this Java platform lacks what a software key needs", e);
    }
  }

  private ResponseApdu answer(CommandApdu command, Deadline deadline)
      throws IOException, InterruptedException, GeneralSecurityException {
    if (command.cla() != 0) {
      return new ResponseApdu(StatusWord.CLA_NOT_SUPPORTED);
    }
    if (command.ins() < RegistrationRequest.INS || command.ins() > VersionRequest.INS) {
      return new ResponseApdu(StatusWord.INS_NOT_SUPPORTED);
    }
    if (strict && !standard(command)) {
      return new ResponseApdu(StatusWord.WRONG_LENGTH);
    }
    Request request;
    try {
      request = decode(command);
    } catch (FormatException e) {
      boolean badControl = command.ins() == AuthenticationRequest.INS && e.offset() == 2;
      return new ResponseApdu(badControl ? StatusWord.WRONG_DATA : StatusWord.WRONG_LENGTH);
    }
    // sealed: these three are all there are
    if (request instanceof RegistrationRequest registration) {
      return register(registration);
    }
    if (request instanceof AuthenticationRequest authentication) {
      return authenticate(authentication, deadline);
    }
    return new ResponseApdu(VersionRequest.U2F_V2, StatusWord.NO_ERROR);
  }

  /** The forms that clients are known to send to keys over USB. */
  private static boolean standard(CommandApdu command) {
    boolean longest = command.form() != Form.SHORT && command.le() == CommandApdu.MAX_LE;
    if (command.p2() != 0) {
      return false;
    }
    return switch (command.ins()) {
      case RegistrationRequest.INS ->
        longest && (command.p1() == 0 || command.p1() == 0x03 || command.p1() == 0x83);
      case AuthenticationRequest.INS -> longest;
      default -> command.p1() == 0 && command.le() > 0 && (longest || command.le() == 256);
    };
  }

  private Request decode(CommandApdu command) throws FormatException {
    boolean draft = command.ins() == AuthenticationRequest.INS && command.p1() == 0 && !strict;
    return draft ? AuthenticationRequest.decodeDraft(command.data()) : Request.decode(command);
  }

  private ResponseApdu register(RegistrationRequest request) throws GeneralSecurityException {
    if (!presence.confirm(request)) {
      return new ResponseApdu(StatusWord.CONDITIONS_NOT_SATISFIED);
    }
    KeyPair pair = P256.newKeyPair();
    KeyHandle keyHandle = wrapping.wrap((ECPrivateKey) pair.getPrivate(), request.application());
    UserPublicKey userPublicKey = P256.encode((ECPublicKey) pair.getPublic());
    Bytes signature = sign(
        attestation.privateKey(),
        RegistrationResponse.signedBytes(
            request.application(), request.challenge(), keyHandle, userPublicKey));
    RegistrationResponse response =
        new RegistrationResponse(userPublicKey, keyHandle, attestation.certificate(), signature);
    return new ResponseApdu(response.encode(), StatusWord.NO_ERROR);
  }

  private ResponseApdu authenticate(AuthenticationRequest request, Deadline deadline)
      throws IOException, InterruptedException, GeneralSecurityException {
    PrivateKey userKey;
    try {
      userKey = wrapping.unwrap(request.keyHandle(), request.application());
    } catch (AEADBadTagException e) {
      return new ResponseApdu(StatusWord.WRONG_DATA);
    }
    if (request.control() == Control.CHECK_ONLY) {
      return new ResponseApdu(StatusWord.CONDITIONS_NOT_SATISFIED);
    }
    boolean touched = !defects.contains(Defect.NO_PRESENCE) && presence.confirm(request);
    boolean needed = request.control() == Control.ENFORCE_USER_PRESENCE_AND_SIGN
        && !defects.contains(Defect.NO_PRESENCE);
    if (needed && !touched) {
      return new ResponseApdu(StatusWord.CONDITIONS_NOT_SATISFIED);
    }
    long count = defects.contains(Defect.STALE_COUNTER) ? 1 : counter.next(deadline);
    int presenceByte = touched ? 1 : 0;
    Bytes signature = sign(
        defects.contains(Defect.WRONG_KEY) ? P256.newKeyPair().getPrivate() : userKey,
        AuthenticationResponse.signedBytes(
            request.application(), presenceByte, count, request.challenge()));
    AuthenticationResponse response = new AuthenticationResponse(presenceByte, count, signature);
    return new ResponseApdu(response.encode(), StatusWord.NO_ERROR);
  }

  private Bytes sign(PrivateKey key, Bytes message) throws GeneralSecurityException {
    Signature ecdsa = Signature.getInstance("SHA256withECDSA");
    ecdsa.initSign(key);
    ecdsa.update(message.toBuffer());
    byte[] der = ecdsa.sign();
    if (defects.contains(Defect.BAD_SIGNATURE)) {
      der[der.length - 1] ^= 1; // the last bit of s
    }
    return Bytes.of(der);
  }

  /** Does nothing: the key can be used again. */
  @Override
  public void close() {}
}
