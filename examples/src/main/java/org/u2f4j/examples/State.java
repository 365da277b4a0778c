package org.u2f4j.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.strictjson.JsonWriter;
import org.u2f4j.verifier.Anomaly;
import org.u2f4j.verifier.Registration;
import org.u2f4j.verifier.RegistrationStore;
import org.u2f4j.verifier.RegistrationStoreException;

/**
 * The relying party's memory on one terminal: site, pending values and registrations, as JSON Lines
 * in a {@link StateFile}. Every change is on the disk before its method returns. One process at a
 * time has the file, and one thread uses this.
 */
final class State implements RegistrationStore, AutoCloseable {
  private static final int VERSION = 1;

  /** How long a pending value is remembered after its time: what comes late is told why. */
  private static final Duration REMEMBERED = Duration.ofDays(1);

  /** The relying party: its AppID and who may use that. */
  record Site(String appId, List<String> facets) {}

  /** A pending value; once used it is kept only to say so. */
  record Pending(String json, Instant expiresAt, boolean used) {}

  private final StateFile file;
  private @Nullable Site site;
  private final Map<String, Pending> pendings = new LinkedHashMap<>();
  private final Map<KeyHandle, Registration> registrations = new LinkedHashMap<>();

  private State(StateFile file) {
    this.file = file;
  }

  /** Opens the file, which may be new. */
  static State open(Path path) throws IOException, InterruptedException {
    StateFile file = StateFile.open(path);
    try {
      State state = new State(file);
      int number = 0;
      for (String line : file.read()) {
        number++;
        try {
          state.load(JsonObject.parse(line), number);
        } catch (FormatException e) {
          throw e.in("it is no state file of u2f: line " + number);
        }
      }
      return state;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private void load(JsonObject json, int number) throws FormatException {
    try {
      if (number == 1) {
        Integer version = json.optionalInt("u2fState");
        if (version == null || version != VERSION) {
          throw json.wrong("u2fState", "is not " + VERSION);
        }
        site = new Site(json.string("appId"), json.strings("facets"));
      } else if (json.has("challenge")) {
        pendings.put(
            json.string("challenge"),
            new Pending(
                json.string("pending"),
                Instant.parse(json.string("expiresAt")),
                json.booleanValue("used")));
      } else {
        Registration registration = StoredRegistration.decode(json);
        registrations.put(registration.keyHandle(), registration);
      }
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new FormatException(String.valueOf(e.getMessage()));
    }
  }

  /** Null in a new file. */
  @Nullable
  Site site() {
    return site;
  }

  void site(Site changed) {
    site = changed;
    save();
  }

  private void save() {
    Site kept = Objects.requireNonNull(site, "a state begins with its site");
    Instant forget = Instant.now().minus(REMEMBERED);
    pendings.values().removeIf(pending -> pending.expiresAt().isBefore(forget));
    List<String> lines = new ArrayList<>();
    lines.add(JsonWriter.object(json -> {
      json.writeNumberField("u2fState", VERSION);
      json.writeStringField("appId", kept.appId());
      Learnt.strings(json, "facets", kept.facets());
    }));
    pendings.forEach((challenge, pending) -> lines.add(JsonWriter.object(json -> {
      json.writeStringField("challenge", challenge);
      json.writeStringField("pending", pending.json());
      json.writeStringField("expiresAt", pending.expiresAt().toString());
      json.writeBooleanField("used", pending.used());
    })));
    registrations.values().forEach(one -> lines.add(StoredRegistration.encode(one)));
    try {
      requireReadable(lines);
      file.write(lines);
    } catch (IOException e) {
      throw new RegistrationStoreException(Terminal.reason(e), e);
    }
  }

  /** A longer line would be written well, and never be read again. */
  private static void requireReadable(List<String> lines) throws IOException {
    for (String line : lines) {
      if (line.length() > LineReader.MAX_LENGTH) {
        throw new IOException("a line of " + line.length() + " characters is too long to keep");
      }
    }
  }

  @Override
  public List<Registration> registrations(String account) {
    return registrations.values().stream()
        .filter(registration -> registration.account().equals(account))
        .toList();
  }

  @Override
  public Optional<Registration> find(KeyHandle keyHandle) {
    return Optional.ofNullable(registrations.get(keyHandle));
  }

  @Override
  public boolean add(Registration registration) {
    if (registrations.putIfAbsent(registration.keyHandle(), registration) != null) {
      return false;
    }
    save();
    return true;
  }

  @Override
  public boolean advance(Registration seen, long counter, Instant at) {
    Registration stored = registrations.get(seen.keyHandle());
    if (stored == null || !Objects.equals(stored.counter(), seen.counter())) {
      return false;
    }
    return replace(stored.used(counter, at));
  }

  private boolean replace(Registration changed) {
    registrations.put(changed.keyHandle(), changed);
    save();
    return true;
  }

  @Override
  public void mark(KeyHandle keyHandle, Anomaly anomaly) {
    find(keyHandle).ifPresent(stored -> replace(stored.marked(anomaly)));
  }

  @Override
  public boolean clear(String account, KeyHandle keyHandle, boolean restartCounter) {
    return find(keyHandle)
        .filter(stored -> stored.account().equals(account))
        .filter(stored -> replace(stored.cleared(restartCounter)))
        .isPresent();
  }

  @Override
  public boolean remove(String account, KeyHandle keyHandle) {
    Registration stored = registrations.get(keyHandle);
    if (stored == null || !stored.account().equals(account)) {
      return false;
    }
    registrations.remove(keyHandle);
    save();
    return true;
  }

  @Override
  public void keep(String challenge, String pending, Instant expiresAt) {
    pendings.put(challenge, new Pending(pending, expiresAt, false));
    save();
  }

  @Override
  public Optional<String> consume(String challenge) {
    Pending pending = pendings.get(challenge);
    if (pending == null || pending.used() || !Instant.now().isBefore(pending.expiresAt())) {
      return Optional.empty();
    }
    pendings.put(challenge, new Pending("", pending.expiresAt(), true));
    save();
    return Optional.of(pending.json());
  }

  /** What is remembered of a challenge that cannot be consumed; null if nothing is. */
  @Nullable
  Pending remembered(String challenge) {
    return pendings.get(challenge);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
