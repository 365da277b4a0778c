package org.u2f4j.examples.web;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.account.Accounts;
import org.u2f4j.examples.account.Refusal;
import org.u2f4j.examples.account.RefusedException;

/** Which address is which page. What is refused leads, if need be, to where it can be made good. */
final class Routes {
  static final String START = "/account";

  /** Answers a request. */
  interface Handler {
    Reply answer(Visit visit) throws BadRequestException;
  }

  /** A page, or what its form does. */
  interface Part {
    Reply answer(Visit visit) throws RefusedException;
  }

  /** The same for one key or device. */
  interface PartOfOne {
    Reply answer(Visit visit, String id) throws RefusedException;
  }

  /** Pages that one can be led back to, after signing in or confirming. */
  private static final Set<String> PAGES = Set.of(
      START,
      "/keys",
      "/keys/add",
      "/app",
      "/app/add",
      "/app/remove",
      "/recovery",
      "/devices",
      "/history",
      "/password",
      "/turn-off");

  private static final Pattern OF_KEY =
      Pattern.compile("/keys/[A-Za-z0-9_-]{22}/(?:rename|remove|clear)");

  private static final Pattern OF_ONE =
      Pattern.compile("(/keys|/devices)/([A-Za-z0-9_-]{22})(/[a-z]{1,10})");

  private static final Set<Refusal> ELSEWHERE =
      Set.of(Refusal.NOT_SIGNED_IN, Refusal.PROOF_NEEDED, Refusal.ATTEMPT_OVER, Refusal.NOT_FOUND);

  private final Map<String, Part> parts = new HashMap<>();
  private final Map<String, PartOfOne> partsOfOne = new HashMap<>();
  private final Map<String, Handler> files = new HashMap<>();

  Routes(Accounts accounts) {
    SignInPages signIn = new SignInPages(accounts);
    page("/", signIn::start, null);
    page("/create", signIn::createPage, signIn::create);
    page("/sign-in", signIn::passwordPage, signIn::password);
    page("/sign-in/key", signIn::keyPage, signIn::key);
    page("/sign-in/code", signIn::codePage, signIn::code);
    page("/sign-in/recovery", signIn::recoveryPage, signIn::recovery);
    page("/sign-in/cancel", null, signIn::cancel);
    page("/confirm", signIn::confirmPage, signIn::confirm);
    page("/sign-out", null, signIn::signOut);
    KeyPages keys = new KeyPages(accounts);
    page("/keys", keys::list, null);
    page("/keys/add", keys::addPage, keys::add);
    page("/keys/touch", null, keys::touch);
    pageOfOne("/keys/added", keys::added, null);
    pageOfOne("/keys/rename", keys::renamePage, keys::rename);
    pageOfOne("/keys/remove", keys::removePage, keys::remove);
    pageOfOne("/keys/clear", keys::clearPage, keys::clear);
    AccountPages account = new AccountPages(accounts);
    page(START, account::overview, null);
    page("/app", account::app, null);
    page("/app/add", account::addAppPage, account::addApp);
    page("/app/remove", account::removeAppPage, account::removeApp);
    page("/recovery", account::recovery, account::makeRecoveryCodes);
    page("/devices", account::devices, null);
    page("/devices/revoke-all", null, account::revokeAll);
    pageOfOne("/devices/revoke", null, account::revoke);
    page("/history", account::history, null);
    page("/password", account::passwordPage, account::password);
    page("/turn-off", account::turnOffPage, account::turnOff);
    files.put("GET /style.css", new StaticFile("style.css", "text/css; charset=utf-8"));
    files.put("GET /script.js", new StaticFile("script.js", "text/javascript; charset=utf-8"));
    files.put("GET /icon.svg", new StaticFile("icon.svg", "image/svg+xml"));
  }

  private void page(String path, @Nullable Part get, @Nullable Part post) {
    if (get != null) {
      parts.put("GET " + path, get);
    }
    if (post != null) {
      parts.put("POST " + path, post);
    }
  }

  private void pageOfOne(String path, @Nullable PartOfOne get, @Nullable PartOfOne post) {
    if (get != null) {
      partsOfOne.put("GET " + path, get);
    }
    if (post != null) {
      partsOfOne.put("POST " + path, post);
    }
  }

  static boolean isPage(String path) {
    return PAGES.contains(path) || OF_KEY.matcher(path).matches();
  }

  static boolean leadsElsewhere(Refusal reason) {
    return ELSEWHERE.contains(reason);
  }

  Handler find(String method, String path) throws BadRequestException {
    @Nullable Handler found = look(method.equals("HEAD") ? "GET" : method, path);
    if (found != null) {
      return found;
    }
    boolean get = look("GET", path) != null;
    boolean post = look("POST", path) != null;
    if (!get && !post) {
      throw new BadRequestException(
          BadRequestException.NOT_FOUND, "There is no page at this address.");
    }
    throw new BadRequestException(
        BadRequestException.METHOD_NOT_ALLOWED,
        "Nothing was done: this address is not used that way.",
        get && post ? "GET, HEAD, POST" : get ? "GET, HEAD" : "POST");
  }

  private @Nullable Handler look(String method, String path) {
    @Nullable Handler file = files.get(method + " " + path);
    if (file != null) {
      return file;
    }
    @Nullable Part part = parts.get(method + " " + path);
    if (part != null) {
      return visit -> run(visit, part);
    }
    Matcher matcher = OF_ONE.matcher(path);
    if (!matcher.matches()) {
      return null;
    }
    @Nullable
    PartOfOne partOfOne = partsOfOne.get(method + " " + matcher.group(1) + matcher.group(3));
    return partOfOne == null
        ? null
        : visit -> run(visit, each -> partOfOne.answer(each, matcher.group(2)));
  }

  private static Reply run(Visit visit, Part part) {
    try {
      return part.answer(visit);
    } catch (RefusedException e) {
      return elsewhere(visit, e);
    }
  }

  private static Reply elsewhere(Visit visit, RefusedException e) {
    String here = isPage(visit.path) ? visit.path : START;
    String list = visit.path.replaceFirst("(?<=.)/.*", "");
    boolean hadSession = !visit.session().isEmpty();
    return switch (e.reason()) {
      case NOT_SIGNED_IN -> {
        visit.delete(Cookie.SESSION);
        String to = "/sign-in?next=" + here;
        yield hadSession ? visit.redirect(to, Notice.SESSION_OVER) : visit.redirect(to);
      }
      case PROOF_NEEDED -> visit.redirect("/confirm?next=" + here);
      case ATTEMPT_OVER -> {
        visit.delete(Cookie.ATTEMPT);
        yield visit.redirect(
            visit.onward(hadSession ? "/confirm" : "/sign-in"), Notice.ATTEMPT_OVER);
      }
      case NOT_FOUND -> visit.redirect(isPage(list) ? list : START, Notice.NOT_FOUND);
      default ->
        new Page(visit, "message", "That did not work")
            .wrong(e.reason().sentence())
            .reply();
    };
  }
}
