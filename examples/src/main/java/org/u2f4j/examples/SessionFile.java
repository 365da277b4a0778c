package org.u2f4j.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.examples.account.Step;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.strictjson.JsonWriter;

/**
 * Who is signed in here, and by whom this device is remembered: a file that its owner alone can read,
 * with a line for each account of each database.
 */
final class SessionFile {
  private static final String NAME = "terminal.sessions";

  /** A line. The database is named by the hash of its address, which may have a password in it. */
  private record Entry(
      String database,
      String email,
      @Nullable String session,
      @Nullable String remembered) {
    static Entry decode(String line) throws FormatException {
      JsonObject json = JsonObject.parse(line);
      return new Entry(
          json.string("database"),
          json.string("email"),
          json.optionalString("session"),
          json.optionalString("remembered"));
    }

    String encode() {
      return JsonWriter.object(json -> {
        json.writeStringField("database", database);
        json.writeStringField("email", email);
        JsonWriter.optional(json, "session", session);
        JsonWriter.optional(json, "remembered", remembered);
      });
    }

    boolean of(String whichDatabase, String whose) {
      return database.equals(whichDatabase) && email.equals(whose);
    }
  }

  private final Path path;
  private final String database;

  SessionFile(Path folder, String address) {
    this.path = folder.resolve(NAME);
    this.database = Bytes.utf8(address).sha256().base64Url();
  }

  /** The session of whoever is signed in to this database. */
  Optional<String> session() throws Failure, InterruptedException {
    return read().stream()
        .filter(entry -> entry.database.equals(database))
        .flatMap(entry -> Stream.ofNullable(entry.session))
        .findFirst();
  }

  /** What an account has this device remembered by; null if it has not. */
  @Nullable
  String remembered(String email) throws Failure, InterruptedException {
    return read().stream()
        .filter(entry -> entry.of(database, normal(email)))
        .findFirst()
        .flatMap(entry -> Optional.ofNullable(entry.remembered))
        .orElse(null);
  }

  /** Keeps a new session in place of whatever there was. */
  void signedIn(String email, Step.SignedIn step) throws Failure, InterruptedException {
    change(entries -> {
      @Nullable String remembered = step.remembered();
      List<Entry> others = new ArrayList<>();
      for (Entry entry : withoutSession(entries)) {
        if (!entry.of(database, normal(email))) {
          others.add(entry);
        } else if (remembered == null) {
          remembered = entry.remembered;
        }
      }
      others.add(new Entry(database, normal(email), step.session(), remembered));
      return others;
    });
  }

  void signedOut() throws Failure, InterruptedException {
    change(this::withoutSession);
  }

  private List<Entry> withoutSession(List<Entry> entries) {
    List<Entry> kept = new ArrayList<>();
    for (Entry entry : entries) {
      if (!entry.database.equals(database)) {
        kept.add(entry);
      } else if (entry.remembered != null) {
        kept.add(new Entry(database, entry.email, null, entry.remembered));
      }
    }
    return kept;
  }

  private static String normal(String email) {
    return email.strip().toLowerCase(Locale.ROOT);
  }

  private interface Change {
    List<Entry> of(List<Entry> entries);
  }

  private List<Entry> read() throws Failure, InterruptedException {
    return use(StateFile::read);
  }

  private void change(Change change) throws Failure, InterruptedException {
    use(file -> {
      List<Entry> changed = change.of(decode(file.read()));
      file.write(changed.stream().map(Entry::encode).toList());
      return List.of();
    });
  }

  private interface Use {
    List<String> of(StateFile file) throws IOException;
  }

  private List<Entry> use(Use use) throws Failure, InterruptedException {
    try (StateFile file = StateFile.open(path)) {
      return decode(use.of(file));
    } catch (IOException e) {
      throw new Failure(
          Exit.BROKEN,
          "%s, which tells who is signed in, cannot be used: %s"
              .formatted(path, Terminal.reason(e)),
          e);
    }
  }

  private static List<Entry> decode(List<String> lines) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (String line : lines) {
      if (!line.isBlank()) {
        try {
          entries.add(Entry.decode(line));
        } catch (FormatException e) {
          throw new IOException(e.getMessage() + "; remove it, and sign in again", e);
        }
      }
    }
    return entries;
  }
}
