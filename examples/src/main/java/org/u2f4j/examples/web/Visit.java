package org.u2f4j.examples.web;

import com.sun.net.httpserver.HttpExchange;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.examples.account.Client;
import org.u2f4j.examples.account.Step;

/** One request of a browser, and the cookies that the answer sets. Used by one thread. */
final class Visit {
  private static final int TOKEN_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  final String path;

  /** What was filled in; empty for a GET. */
  final Form form;

  final Client client;
  private final Form query;
  private final @Nullable String known;
  private final PublicUrl url;
  private final Map<Cookie, String> cookies;
  private final Map<Cookie, String> changes = new EnumMap<>(Cookie.class);

  Visit(HttpExchange exchange, PublicUrl url, Form query, Form form) {
    this.path = exchange.getRequestURI().getRawPath();
    this.query = query;
    this.form = form;
    this.url = url;
    this.cookies = Cookie.parse(url, exchange.getRequestHeaders().get("Cookie"));
    this.known = exchange.getRequestHeaders().getFirst("If-None-Match");
    @Nullable String userAgent = exchange.getRequestHeaders().getFirst("User-Agent");
    this.client =
        new Client(address(exchange, url), Browser.name(userAgent == null ? "" : userAgent));
  }

  /** With HTTPS there is a server in front of this one. */
  private static String address(HttpExchange exchange, PublicUrl url) {
    @Nullable List<String> lines = exchange.getRequestHeaders().get("X-Forwarded-For");
    return Sender.address(exchange.getRemoteAddress().getAddress(), url.secure() ? lines : null);
  }

  /** Whether the browser has this version already. */
  boolean knows(String tag) {
    return tag.equals(known);
  }

  /** What was filled in; of a GET, what comes after the question mark. */
  String value(String name) {
    String filled = form.value(name);
    return filled.isEmpty() ? query.value(name) : filled;
  }

  boolean checked(String name) {
    return value(name).equals("yes");
  }

  /** Where to go after this; only to a page of ours. */
  String next() {
    String next = value("next");
    return Routes.isPage(next) ? next : Routes.START;
  }

  /** A page on the way there, which is to go on to the same place. */
  String onward(String page) {
    return page + "?next=" + next() + (checked("remember") ? "&remember=yes" : "");
  }

  @Nullable
  String cookie(Cookie cookie) {
    return changes.containsKey(cookie) ? changes.get(cookie) : cookies.get(cookie);
  }

  /** A token, or nothing that anybody has: the service says what that means. */
  String token(Cookie cookie) {
    @Nullable String value = cookie(cookie);
    return value == null ? "" : value;
  }

  String session() {
    return token(Cookie.SESSION);
  }

  void set(Cookie cookie, String value) {
    changes.put(cookie, value);
  }

  void delete(Cookie cookie) {
    if (cookies.containsKey(cookie)) {
      changes.put(cookie, "");
    } else {
      changes.remove(cookie);
    }
  }

  /** Somebody is signed in: whatever was before counts no longer. */
  void enter(Step.SignedIn signedIn) {
    set(Cookie.SESSION, signedIn.session());
    delete(Cookie.ATTEMPT);
    delete(Cookie.VISITOR);
    @Nullable String remembered = signedIn.remembered();
    if (remembered != null) {
      set(Cookie.DEVICE, remembered);
    }
  }

  /** What the forms of this browser are bound to; null if it has no cookie yet. */
  @Nullable
  String formSecret() {
    @Nullable String session = cookie(Cookie.SESSION);
    return session != null && !session.isEmpty() ? session : cookie(Cookie.VISITOR);
  }

  /** What forms on the page have to have. */
  String formToken() {
    @Nullable String secret = formSecret();
    if (secret == null || secret.isEmpty()) {
      byte[] random = new byte[TOKEN_BYTES];
      RANDOM.nextBytes(random);
      secret = Bytes.of(random).base64Url();
      set(Cookie.VISITOR, secret);
    }
    return Gate.token(secret);
  }

  Reply redirect(String to) {
    return Reply.redirect(to);
  }

  /** The same, with something to say on that page. */
  Reply redirect(String to, Notice notice) {
    set(Cookie.NOTICE, notice.name());
    return Reply.redirect(to);
  }

  /** Adds the cookies to the answer. */
  Reply finish(Reply reply) {
    changes.forEach((cookie, value) ->
        reply.cookie(value.isEmpty() ? cookie.delete(url) : cookie.set(url, value)));
    return reply;
  }
}
