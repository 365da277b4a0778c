package org.u2f4j.examples.web;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.account.Profile;
import org.u2f4j.examples.account.Refusal;
import org.u2f4j.examples.account.RefusedException;

/** A page in the making: a template, and what is filled into it. Whatever is filled in is escaped. */
final class Page {
  /** The pages that lead through the account. */
  private static final Map<String, String> NAVIGATION = Map.of(
      "/account", "Account",
      "/keys", "Security keys",
      "/app", "Authenticator app",
      "/recovery", "Recovery codes",
      "/devices", "Remembered devices",
      "/history", "History");

  private static final List<String> ORDER =
      List.of("/account", "/keys", "/app", "/recovery", "/devices", "/history");

  private static final Map<String, Template> TEMPLATES = new ConcurrentHashMap<>();
  private static final Mustache.Compiler COMPILER =
      Mustache.compiler().escapeHTML(true).withLoader(Page::open);

  private final Visit visit;
  private final String template;
  private final Map<String, Object> model = new HashMap<>();
  private int status = Reply.OK;
  private String retryAfter = "";

  Page(Visit visit, String template, String title) {
    this.visit = visit;
    this.template = template;
    model.put("title", title);
    model.put("heading", title);
    model.put("path", visit.path);
    for (String name : List.of("account", "notice", "alert", "retryAt")) {
      model.put(name, false);
    }
  }

  private static Reader open(String name) throws IOException {
    @Nullable InputStream in = Page.class.getResourceAsStream(name + ".html");
    if (in == null) {
      throw new FileNotFoundException(name);
    }
    return new InputStreamReader(in, StandardCharsets.UTF_8);
  }

  private static Template template(String name) {
    try (Reader reader = open(name)) {
      return COMPILER.compile(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Page put(String name, Object value) {
    model.put(name, value);
    return this;
  }

  /** What is shown to whoever is signed in: whose account it is, and the way to the other pages. */
  Page of(Profile.Overview overview) {
    List<Map<String, Object>> links = ORDER.stream()
        .map(path -> Map.<String, Object>of(
            "path",
            path,
            "name",
            NAVIGATION.getOrDefault(path, path),
            "current",
            visit.path.equals(path) || visit.path.startsWith(path + "/")))
        .toList();
    return put("account", Map.of("email", overview.email(), "links", links));
  }

  /**
   * The same page again, with what went wrong.
   *
   * @throws RefusedException the same, if it leads elsewhere
   */
  Page refused(RefusedException e) throws RefusedException {
    if (Routes.leadsElsewhere(e.reason())) {
      throw e;
    }
    @Nullable Instant retryAt = e.retryAt();
    status = e.reason() == Refusal.TOO_MANY_TRIES ? Reply.TOO_MANY : Reply.UNPROCESSABLE;
    put("retryAt", Shown.optionalTime(retryAt));
    if (retryAt != null) {
      long seconds = Math.max(1, Duration.between(Instant.now(), retryAt).toSeconds());
      retryAfter = String.valueOf(seconds);
    }
    return wrong(e.reason().sentence());
  }

  /** The same page again, with a sentence about what was filled in. */
  Page wrong(String sentence) {
    status = status == Reply.OK ? Reply.UNPROCESSABLE : status;
    put("alert", sentence);
    return put("title", "Error: " + model.get("title"));
  }

  Page status(int number) {
    status = number;
    return this;
  }

  Reply reply() {
    String said = visit.token(Cookie.NOTICE);
    if (!said.isEmpty()) {
      visit.delete(Cookie.NOTICE);
      Arrays.stream(Notice.values())
          .filter(notice -> notice.name().equals(said))
          .forEach(notice -> put(notice.alert ? "alert" : "notice", notice.sentence));
    }
    put("token", visit.formToken());
    String html = TEMPLATES.computeIfAbsent(template, Page::template).execute(model);
    Reply reply = Reply.html(status, html);
    return retryAfter.isEmpty() ? reply : reply.with("Retry-After", retryAfter);
  }
}
