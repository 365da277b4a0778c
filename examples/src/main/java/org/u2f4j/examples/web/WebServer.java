package org.u2f4j.examples.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.account.Accounts;
import org.u2f4j.examples.account.DatabaseException;

/** Listens, and answers each request with a page; all limits on requests are here. */
public final class WebServer implements AutoCloseable {
  /** Many, since the JDK has one wait for each request that is sent slowly. */
  private static final int THREADS = 200;

  private static final int WAITING = 256;
  private static final int LARGEST_BODY = 64 * 1024;
  private static final int LONGEST_QUERY = 2048;
  private static final int PERMANENT_REDIRECT = 308;

  private static final Map<String, String> HEADERS = Map.of(
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      "X-Content-Type-Options",
      "nosniff",
      "X-Frame-Options",
      "DENY",
      // with no-referrer, browsers would not say either where a form comes from
      "Referrer-Policy",
      "same-origin",
      "Cache-Control",
      "no-store",
      "Cross-Origin-Opener-Policy",
      "same-origin",
      "Cross-Origin-Resource-Policy",
      "same-origin",
      "Permissions-Policy",
      "publickey-credentials-create=(self), publickey-credentials-get=(self), camera=(),"
          + " geolocation=(), microphone=()");

  private final HttpServer server;
  private final ExecutorService threads;

  private WebServer(HttpServer server) {
    this.server = server;
    ThreadPoolExecutor pool = new ThreadPoolExecutor(
        THREADS, THREADS, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(WAITING), task -> {
          Thread thread = new Thread(task, "web");
          thread.setDaemon(true);
          return thread;
        });
    pool.allowCoreThreadTimeOut(true);
    this.threads = pool;
  }

  /**
   * Takes the port; nobody is answered before {@link #start}. Sets the limits of the JDK's server,
   * which has them for the whole process: how long a request and its answer may take, how many
   * connections there may be, how many headers.
   *
   * @param address where to listen
   * @param port which port, or 0 for any that is free
   * @return a server
   * @throws IOException if the port is taken, or the address is not this computer's
   */
  public static WebServer bind(InetAddress address, int port) throws IOException {
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    System.setProperty(
        "sun.net.httpserver.maxRspTime", "60"); // while the database may be waited for
    System.setProperty("sun.net.httpserver.idleInterval", "30");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "200");
    System.setProperty("sun.net.httpserver.maxReqHeaders", "60");
    System.setProperty("sun.net.httpserver.maxReqHeaderSize", "32768");
    System.setProperty("jdk.httpserver.maxConnections", "500");
    return new WebServer(HttpServer.create(new InetSocketAddress(address, port), WAITING));
  }

  /**
   * The port.
   *
   * @return the one that was taken
   */
  public int port() {
    return server.getAddress().getPort();
  }

  /**
   * Begins to answer.
   *
   * @param accounts whose pages these are
   * @param url the address by which browsers know them
   * @param problems is told what is a fault of the program or its database
   */
  public void start(Accounts accounts, PublicUrl url, Consumer<Exception> problems) {
    Routes routes = new Routes(accounts);
    Gate gate = new Gate(url);
    server.createContext("/", exchange -> {
      try (exchange) {
        Reply reply;
        try {
          reply = answer(exchange, url, gate, routes);
        } catch (DatabaseException e) {
          problems.accept(e);
          String sentence =
              "The accounts cannot be reached now. Nothing was accepted. Try again in a minute.";
          reply = message(exchange, url, "Try again in a minute", sentence, Reply.UNAVAILABLE);
        } catch (RuntimeException e) {
          problems.accept(e);
          String sentence =
              "Something is broken on this server. Nothing was accepted. Try again later.";
          reply = message(exchange, url, "Out of order", sentence, Reply.FAILED);
        }
        send(exchange, url, reply);
      } catch (IOException e) {
        // the browser has gone, or is too slow
      }
    });
    server.setExecutor(threads);
    server.start();
  }

  private static Reply answer(HttpExchange exchange, PublicUrl url, Gate gate, Routes routes)
      throws IOException {
    try {
      if (!gate.isOurName(exchange.getRequestHeaders())) {
        return new Reply(PERMANENT_REDIRECT, "", new byte[0])
            .with("Location", url.origin() + exchange.getRequestURI());
      }
      String path = exchange.getRequestURI().getRawPath();
      String method = exchange.getRequestMethod();
      boolean post = method.equals("POST");
      Routes.Handler handler = routes.find(method, path);
      @Nullable String query = exchange.getRequestURI().getRawQuery();
      if (query != null && query.length() > LONGEST_QUERY) {
        throw new BadRequestException(
            BadRequestException.BAD_REQUEST, "The address of this page is too long.");
      }
      Form asked = query == null ? Form.EMPTY : Form.parse(query);
      Form form = post ? form(exchange) : Form.EMPTY;
      Visit visit = new Visit(exchange, url, asked, form);
      if (post) {
        gate.requireOurPage(exchange.getRequestHeaders());
        Gate.requireToken(visit.formSecret(), form);
      }
      return visit.finish(handler.answer(visit));
    } catch (BadRequestException e) {
      String sentence = String.valueOf(e.getMessage());
      Reply reply = message(exchange, url, "That did not work", sentence, e.status);
      return e.allowed.isEmpty() ? reply : reply.with("Allow", e.allowed);
    }
  }

  private static Reply message(
      HttpExchange exchange, PublicUrl url, String title, String sentence, int status) {
    return new Page(new Visit(exchange, url, Form.EMPTY, Form.EMPTY), "message", title)
        .put("alert", sentence)
        .status(status)
        .reply();
  }

  private static Form form(HttpExchange exchange) throws IOException, BadRequestException {
    @Nullable String type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase(Form.TYPE)) {
      throw new BadRequestException(
          BadRequestException.UNSUPPORTED_TYPE, "A form is sent as " + Form.TYPE + ".");
    }
    byte[] body;
    try (InputStream in = exchange.getRequestBody()) {
      body = in.readNBytes(LARGEST_BODY + 1);
      if (body.length > LARGEST_BODY) {
        throw new BadRequestException(
            BadRequestException.TOO_LARGE, "This form is longer than any of ours.");
      }
    }
    return Form.parse(new String(body, StandardCharsets.ISO_8859_1));
  }

  private static void send(HttpExchange exchange, PublicUrl url, Reply reply) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    HEADERS.forEach(headers::set);
    if (url.secure()) {
      headers.set("Strict-Transport-Security", "max-age=31536000"); // a year
    }
    reply.headers.forEach(headers::set);
    reply.cookies.forEach(cookie -> headers.add("Set-Cookie", cookie));
    if (reply.status == BadRequestException.TOO_LARGE) {
      headers.set("Connection", "close"); // what is left of the request is not read
    }
    boolean none = reply.body.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(reply.status, none ? -1 : reply.body.length);
    if (!none) {
      exchange.getResponseBody().write(reply.body);
    }
  }

  /** Answers what was asked already, for a second at most, and gives the port back. */
  @Override
  public void close() {
    server.stop(1);
    threads.shutdown();
  }
}
