package org.u2f4j.examples.account;

import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import org.u2f4j.FormatException;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.strictjson.JsonWriter;
import org.u2f4j.verifier.AttestationResult;
import org.u2f4j.verifier.PendingRegistration;
import org.u2f4j.verifier.RegistrationResult;
import org.u2f4j.verifier.VerificationException;

/** The security keys of an account. */
public final class SecurityKeys {
  private static final int MOST = 20;
  private static final Pattern INVISIBLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");
  private static final int LONGEST_NAME = 64;

  private final Database database;
  private final Site site;

  SecurityKeys(Database database, Site site) {
    this.database = database;
    this.site = site;
  }

  /**
   * The account's keys.
   *
   * @param session a session
   * @return all of them, the oldest first
   * @throws RefusedException if the session has ended
   */
  public List<SecurityKey> list(String session) throws RefusedException {
    return database.read(transaction ->
        SecurityKey.list(transaction, Session.find(transaction, session).account()));
  }

  /**
   * One of the account's keys.
   *
   * @param session a session
   * @param id which key
   * @return the key
   * @throws RefusedException if the session has ended, or there is no such key
   */
  public SecurityKey find(String session, String id) throws RefusedException {
    return database.read(transaction ->
        SecurityKey.find(transaction, Session.find(transaction, session).account(), id));
  }

  /**
   * Begins to add a key. Nothing is there until {@link #finishAdd}, so nothing is to be undone if the
   * person gives up.
   *
   * @param session a session with a fresh proof
   * @param name what to call the key
   * @return what to ask the key
   * @throws RefusedException if the name is empty, too long or in use, or there is no room
   */
  public Prompt startAdd(String session, String name) throws RefusedException {
    String shown = requireName(name);
    return database.change(transaction -> {
      Session of = Session.lockProven(transaction, session);
      requireFree(transaction, of.account(), shown);
      requireRoom(transaction, of.account());
      Site.Asker asker = site.in(transaction);
      PendingRegistration pending = asker.party().startRegistration(of.account());
      String data = JsonWriter.object(json -> {
        json.writeStringField("name", shown);
        json.writeStringField("pending", pending.toJson());
      });
      String ceremony =
          Ceremony.keep(transaction, of.hash(), Ceremony.Kind.ADD_KEY, data, pending.expiresAt());
      return new Prompt(ceremony, asker.options(pending, of.email()), pending.expiresAt());
    });
  }

  private static String requireName(String name) throws RefusedException {
    String stripped = name.strip();
    int length = stripped.codePointCount(0, stripped.length());
    if (length < 1 || length > LONGEST_NAME || INVISIBLE.matcher(stripped).find()) {
      throw new RefusedException(Refusal.NAME_INVALID);
    }
    return stripped;
  }

  private static void requireRoom(Transaction transaction, String account)
      throws SQLException, RefusedException {
    if (transaction.keys().registrations(account).size() >= MOST) {
      throw new RefusedException(Refusal.KEYS_FULL);
    }
  }

  private static void requireFree(Transaction transaction, String account, String name)
      throws SQLException, RefusedException {
    if (transaction.exists(
        "SELECT 1 FROM key_names WHERE account = ? AND name = ?", account, name)) {
      throw new RefusedException(Refusal.NAME_TAKEN);
    }
  }

  /**
   * Adds the key. What the library stores of it and what its owner calls it come in one transaction.
   *
   * @param client who is calling
   * @param session the session that began
   * @param ceremony that of the prompt
   * @param responseJson the key's answer as WebAuthn has it; or {@code {"errorCode":5}}, the error code
   *     of U2F, if there is none
   * @return the new key
   * @throws RefusedException if the answer does not pass; it cannot be given again then
   */
  public SecurityKey finishAdd(Client client, String session, String ceremony, String responseJson)
      throws RefusedException {
    return database.change(transaction -> {
      Session of = Session.lock(transaction, session);
      String account = of.account();
      String data = Ceremony.take(transaction, of.hash(), Ceremony.Kind.ADD_KEY, ceremony);
      boolean turnsOn = Factors.of(transaction, account).isEmpty();
      RegistrationResult added;
      String name;
      try {
        JsonObject kept = JsonObject.parse(data);
        name = kept.string("name");
        requireFree(transaction, account, name);
        requireRoom(transaction, account); // others may have been added since
        added = site.in(transaction)
            .finish(PendingRegistration.fromJson(kept.string("pending")), responseJson);
      } catch (VerificationException e) {
        throw KeyRefusal.of(e, true);
      } catch (FormatException e) {
        throw new IllegalStateException("a pending registration cannot be read", e);
      }
      AttestationResult attestation = added.attestation();
      if (turnsOn) {
        of.endAllElse(transaction); // whoever came in by the password alone is out
      }
      String id = Tokens.id();
      transaction.update(
          "INSERT INTO key_names (key_handle, id, account, name, vendor, model)"
              + " VALUES (?, ?, ?, ?, ?, ?)",
          added.registration().keyHandle().base64Url(),
          id,
          account,
          name,
          attestation.vendor(),
          attestation.model());
      History.record(transaction, account, client, Event.Kind.KEY_ADDED, Factor.KEY, name);
      return SecurityKey.find(transaction, account, id);
    });
  }

  /**
   * Gives a key another name.
   *
   * @param client who is calling
   * @param session a session
   * @param id which key
   * @param name the new name
   * @throws RefusedException if there is no such key, or the name will not do
   */
  public void rename(Client client, String session, String id, String name)
      throws RefusedException {
    String shown = requireName(name);
    database.change(transaction -> {
      String account = Session.lock(transaction, session).account();
      SecurityKey before = SecurityKey.find(transaction, account, id);
      if (!before.name().equals(shown)) {
        requireFree(transaction, account, shown);
        transaction.update("UPDATE key_names SET name = ? WHERE id = ?", shown, id);
        String detail = before.name() + ", now " + shown;
        History.record(transaction, account, client, Event.Kind.KEY_RENAMED, null, detail);
      }
      return before;
    });
  }

  /**
   * Removes a key.
   *
   * @param client who is calling
   * @param session a session with a fresh proof; all others end, and devices are forgotten
   * @param id which key
   * @throws RefusedException if there is no such key, or it is the last second factor
   */
  public void remove(Client client, String session, String id) throws RefusedException {
    database.change(transaction -> {
      Session of = Session.lockProven(transaction, session);
      SecurityKey key = SecurityKey.find(transaction, of.account(), id);
      Factors.requireAnother(transaction, of.account());
      // and the name with it: the database sees to that
      transaction.keys().remove(of.account(), key.keyHandle());
      of.endAllElse(transaction);
      History.record(
          transaction, of.account(), client, Event.Kind.KEY_REMOVED, Factor.KEY, key.name());
      return key;
    });
  }

  /**
   * Clears the warning about a key, and has its next signature judged like its first, since a counter
   * that was reset does not grow otherwise. For an owner who knows that there is no copy.
   *
   * @param client who is calling
   * @param session a session with a fresh proof
   * @param id which key
   * @throws RefusedException if there is no such key, or no warning about it: clearing one beforehand
   *     would let a copy in
   */
  public void clearWarning(Client client, String session, String id) throws RefusedException {
    database.change(transaction -> {
      String account = Session.lockProven(transaction, session).account();
      SecurityKey key = SecurityKey.find(transaction, account, id);
      if (key.warning() == null) {
        throw new RefusedException(Refusal.NOT_FOUND);
      }
      transaction.keys().clear(account, key.keyHandle(), true);
      History.record(transaction, account, client, Event.Kind.KEY_CLEARED, Factor.KEY, key.name());
      return key;
    });
  }
}
