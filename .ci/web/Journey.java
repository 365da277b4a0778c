import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.u2f4j.strictjson.JsonObject;

/** All that a person can do with an account on the page, and much of what can go wrong. */
final class Journey {
  private static final String PASSWORD = "correct horse battery";
  private static final String CHANGED = "staple battery horse";
  private static final String ACCOUNT = "Your account";
  private static final String KEYS = "Security keys";
  private static final String TOUCH = "Touch your security key";
  private static final String INSERT = "Insert and touch your security key";
  private static final String ADDED = "Your security key was successfully registered";
  private static final String SIGN_IN = "Sign in";
  private static final String CONFIRM = "Confirm that it is you";
  private static final String NOT_USED = "The security key was not used";

  interface Looker {
    void look(Walk walk, String name) throws Exception;
  }

  private interface Step {
    void run() throws Exception;
  }

  private final String origin;
  private final Chromium chromium;
  private final Looker looker;
  private final String email;
  private final List<String> recoveryCodes = new ArrayList<>();
  private String password = PASSWORD;
  private Walk walk;
  private String blue;
  private String green;
  private Code app;

  Journey(Chromium chromium, String origin, String email, Looker looker) {
    this.chromium = chromium;
    this.origin = origin;
    this.email = email;
    this.looker = looker;
  }

  private void step(String name, Step step) throws Exception {
    long start = System.nanoTime();
    try {
      step.run();
    } catch (Check.Failure e) {
      throw new Check.Failure(name + ": " + e.getMessage());
    }
    System.out.printf("%6d ms  %s%n", (System.nanoTime() - start) / 1_000_000, name);
  }

  private void look(String name) throws Exception {
    looker.look(walk, name);
  }

  /** Everything, in order. */
  void all() throws Exception {
    try (Tab tab = chromium.open(origin + "/")) {
      walk = new Walk(tab, origin);
      step("create an account", this::create);
      step("add a key", this::addKey);
      step("sign in with it", this::signIn);
      step("what goes wrong with keys", this::keysGoWrong);
      step("rename, add another, the wrong key, remove", this::manage);
      step("the authenticator app instead", this::app);
      step("recovery codes", this::recovery);
      step("remember this device, confirm, revoke", this::devices);
      step("a copied key", this::copied);
      step("history", this::history);
      step("change the password", this::changePassword);
      step("with the keyboard alone", this::keyboard);
      step("browsers without security keys, and older ones", this::otherBrowsers);
      step("turn two-factor authentication off, sign out", this::turnOff);
    }
  }

  /** The beginning alone. */
  void beginning() throws Exception {
    try (Tab tab = chromium.open(origin + "/")) {
      walk = new Walk(tab, origin);
      create();
      addKey();
      signIn();
    }
  }

  private void create() throws Exception {
    walk.see(SIGN_IN);
    look("sign-in");
    walk.go("/keys").see(SIGN_IN);
    walk.type("email", email).type("password", password).click("Sign in");
    walk.alert("The e-mail address or the password is wrong");
    look("sign-in-wrong");
    walk.click("Create one").see("Create an account");
    look("create");
    fill("secret word 1", "secret word 2").alert("not the same");
    fill("short one", "short one").alert("10 to 128 characters");
    fill(password, password).see(ACCOUNT).words("Your account was created");
    look("account-new");
    walk.go("/create");
    fill(password, password).alert("an account with this e-mail address already");
    walk.go("/recovery").words("There is no use for them yet");
    walk.go("/sign-in").see(ACCOUNT);
  }

  private Walk fill(String first, String second) throws Exception {
    return walk.type("email", email)
        .type("password", first)
        .type("repeated", second)
        .click("Create account");
  }

  private void addKey() throws Exception {
    blue = walk.tab().plugIn("u2f");
    touch(blue, false);
    walk.click("Security keys").see(KEYS).words("You have none yet");
    look("keys-none");
    walk.click("Add a security key").see("Add a security key");
    look("key-add");
    walk.type("name", " ").click("Next").alert("1 to 64 visible characters");
    walk.type("name", "blue <key>")
        .click("Next")
        .see(INSERT)
        .words("Waiting for your security key");
    look("key-touch");
    walk.click("Stop waiting").alert(NOT_USED);
    look("key-touch-stopped");
    walk.go("/keys").words("You have none yet");
    touch(blue, true);
    add("blue <key>");
    look("key-added");
    walk.click("Done").see(KEYS).words("blue <key>").words("never");
    look("keys");
  }

  private void add(String name) throws Exception {
    walk.go("/keys/add").type("name", name).click("Next").see(ADDED).words("“" + name + "”");
  }

  private void touch(String key, boolean touched) throws Exception {
    walk.tab().touch(key, touched);
  }

  /** Chromium's key feels a touch only if it is there when the page asks. */
  private void touchNow() throws Exception {
    touch(blue, true);
    walk.go("/sign-in/key");
  }

  private void signOut() throws Exception {
    walk.click("Sign out").see(SIGN_IN);
  }

  private Walk password() throws Exception {
    return walk.type("email", email).type("password", password).click("Sign in");
  }

  private void signIn() throws Exception {
    signOut();
    walk.words("You are signed out");
    touch(blue, false);
    password().see(TOUCH).words("Waiting for your security key");
    look("sign-in-key");
    String before = walk.cookieHeader();
    touchNow();
    walk.see(ACCOUNT);
    if (before.contains("session") || !walk.cookieHeader().contains("session")) {
      throw new Check.Failure("the session should begin with the sign-in: " + before);
    }
    look("account");
    walk.go("/history");
    walk.words("signed in with security key");
    look("history");
    walk.go("/keys").words("at ");
    for (JsonObject cookie : walk.cookies().values()) {
      Check.equal(cookie.string("name") + " HttpOnly", true, cookie.booleanValue("httpOnly"));
      Check.equal(cookie.string("name") + " SameSite", "Lax", cookie.string("sameSite"));
      boolean https = origin.startsWith("https:");
      Check.equal(cookie.string("name") + " Secure", https, cookie.booleanValue("secure"));
      Check.equal("__Host-", https, cookie.string("name").startsWith("__Host-"));
    }
  }

  private void keysGoWrong() throws Exception {
    walk.go("/keys/add").type("name", "again").click("Next").alert("registered already");
    look("key-known");
    walk.go("/keys/add").type("name", "blue <key>").click("Next").alert("a key of this name");
    signOut();
    touch(blue, false);
    password().see(TOUCH).words("Waiting");
    walk.click("Stop waiting").see(TOUCH).alert(NOT_USED);
    look("sign-in-key-stopped");
    // no touch: the browser waits at least ten seconds, whatever it was asked for
    String before = walk.before(
        "{ const parse = PublicKeyCredential.parseRequestOptionsFromJSON;"
            + " PublicKeyCredential.parseRequestOptionsFromJSON = (json) => ({ ...parse(json), timeout: 1 }); }");
    walk.go("/sign-in/key").alert("No key was touched in time");
    walk.noLonger(before);
    // an answer for the second time
    walk.ask(
        "(() => { window.stale = true; const form = document.querySelector('form[data-key]');"
            + " form.elements.ceremony.value = 'A'.repeat(43); form.elements.response.value = '{}'; form.submit(); })()");
    walk.alert("This took too long, or was answered already");
    walk.ask("(() => { window.stale = true; const form = document.querySelector('form[data-key]');"
        + " form.elements.response.value = '{\"id\":1'; form.submit(); })()");
    walk.alert("answer was not valid");
    walk.click("Cancel").see(SIGN_IN).words("Cancelled");
    walk.go("/sign-in/key").see(SIGN_IN).alert("This sign-in is over");
    touch(blue, true);
    password().see(ACCOUNT);
  }

  private void manage() throws Exception {
    walk.go("/keys").click("Rename").see("Rename a security key");
    look("key-rename");
    walk.type("name", "blue").click("Rename").see(KEYS).words("has its new name");
    walk.click("Remove").see("Remove this security key?");
    look("key-remove");
    walk.click("Remove").alert("your only second factor");
    touch(blue, false);
    green = walk.tab().plugIn("u2f");
    add("green");
    walk.click("Add another security key").see("Add a security key");
    signOut();
    password().see(ACCOUNT); // with the green one
    walk.go("/history").words("signed in with security key");
    // a key that is not the account's
    walk.tab()
        .command(
            "WebAuthn.removeVirtualAuthenticator",
            json -> json.writeStringField("authenticatorId", green));
    String other = walk.tab().plugIn("u2f");
    signOut();
    password().see(TOUCH).alert(NOT_USED).words("belongs to another account");
    walk.tab()
        .command(
            "WebAuthn.removeVirtualAuthenticator",
            json -> json.writeStringField("authenticatorId", other));
    touch(blue, true);
    walk.click("Use security key").see(ACCOUNT);
    walk.go("/keys");
    walk.ask(
        "[...document.querySelectorAll('.card a')].at(-1).click()"); // Remove of the last, green
    walk.see("Remove this security key?").words("green");
    walk.click("Remove").see(KEYS).words("was removed");
    walk.words("blue");
  }

  private void app() throws Exception {
    walk.go("/app").see("Authenticator app");
    look("app");
    walk.click("Set up an app").see("Set up your authenticator app");
    walk.ask("document.querySelector('details').open = true");
    look("app-add");
    app = new Code(walk.text("#secret"));
    walk.type("code", "000000").click("Set up").alert("The code is wrong");
    look("app-add-wrong");
    walk.type("code", app.next()).click("Set up").see("Authenticator app").words("is set up");
    look("app-set-up");
    signOut();
    touch(blue, false);
    password().see(TOUCH).words("Waiting");
    walk.click("Use your authenticator app instead").see("Use your authenticator app");
    look("sign-in-code");
    walk.type("code", "000000").click("Continue").alert("The code is wrong");
    String code = app.next();
    walk.type("code", code.substring(0, 3) + " " + code.substring(3))
        .click("Continue")
        .see(ACCOUNT);
    signOut();
    password().see(TOUCH);
    walk.click("Use your authenticator app instead").see("Use your authenticator app");
    walk.type("code", code).click("Continue").alert("used already");
    touch(blue, true);
    walk.click("Use your security key").see(ACCOUNT);
    walk.go("/app/remove").see("Remove the authenticator app?");
    look("app-remove");
    walk.click("Keep it").see("Authenticator app");
  }

  private void recovery() throws Exception {
    walk.go("/recovery").words("You have none left");
    look("recovery");
    walk.click("Make recovery codes").see("Recovery codes").words("shown only now");
    look("recovery-made");
    recoveryCodes.addAll(List.of(walk.text("#codes").split("\\s+")));
    Check.equal("codes", 10, recoveryCodes.size());
    walk.click("I have kept them").words("You have 10 left");
    signOut();
    touch(blue, false);
    password().see(TOUCH);
    walk.click("Use a recovery code").see("Use a recovery code");
    look("sign-in-recovery");
    walk.type("code", recoveryCodes.get(0).toLowerCase().replace("-", " "));
    walk.click("Continue").see(ACCOUNT);
    signOut();
    password().see(TOUCH);
    walk.click("Use a recovery code").see("Use a recovery code");
    walk.type("code", recoveryCodes.get(0)).click("Continue").alert("wrong, or was used already");
    touch(blue, true);
    walk.click("Use your security key").see(ACCOUNT);
    walk.go("/recovery").words("You have 9 left");
  }

  private void devices() throws Exception {
    walk.go("/devices").words("There are none");
    signOut();
    walk.tick("remember");
    password().see(ACCOUNT);
    walk.go("/devices").words("Chrome on Linux");
    look("devices");
    signOut();
    touch(blue, false);
    password().see(ACCOUNT); // no touch
    walk.go("/history").words("with remembered device");
    // which is no proof
    walk.go("/keys/add").see(CONFIRM);
    look("confirm");
    walk.type("password", "something else").click("Confirm").alert("password is wrong");
    touch(blue, true);
    walk.type("password", password).click("Confirm").see("Add a security key");
    walk.go("/devices")
        .click("Revoke")
        .words("needs your second factor again")
        .words("There are none");
    signOut();
    touch(blue, false);
    password().see(TOUCH).words("Waiting");
    touchNow();
    walk.see(ACCOUNT);
    signOut();
    walk.tick("remember");
    password().see(ACCOUNT);
    walk.go("/devices")
        .click("Revoke all devices")
        .words("All devices need")
        .words("There are none");
  }

  private void copied() throws Exception {
    JsonObject credential = walk.tab()
        .command("WebAuthn.getCredentials", json -> json.writeStringField("authenticatorId", blue))
        .objects("credentials")
        .get(0);
    walk.tab().command("WebAuthn.removeCredential", json -> {
      json.writeStringField("authenticatorId", blue);
      json.writeStringField("credentialId", credential.string("credentialId"));
    });
    walk.tab().command("WebAuthn.addCredential", json -> {
      json.writeStringField("authenticatorId", blue);
      json.writeObjectFieldStart("credential");
      json.writeStringField("credentialId", credential.string("credentialId"));
      json.writeBooleanField("isResidentCredential", false);
      json.writeStringField("rpId", URI.create(origin).getHost());
      json.writeStringField("privateKey", credential.string("privateKey"));
      json.writeNumberField("signCount", 0);
      json.writeEndObject();
    });
    signOut();
    password().see(TOUCH).alert("may have been copied");
    walk.click("Use a recovery code").see("Use a recovery code");
    walk.type("code", recoveryCodes.get(1))
        .click("Continue")
        .see(ACCOUNT)
        .words("may have been copied");
    look("account-warning");
    walk.click("Look at your keys").see(KEYS).words("gone back by");
    look("keys-warning");
    walk.click("Clear the warning").see("Clear the warning about this security key?");
    look("key-clear");
    walk.click("Clear the warning").see(KEYS).words("The warning was cleared");
    signOut();
    password().see(ACCOUNT);
  }

  private void history() throws Exception {
    walk.go("/history").see("History");
    look("history-long");
    for (String words : List.of(
        "account created",
        "security key added",
        "second factor refused with authenticator app",
        "security key refused: it may have been copied",
        "signed in with recovery code",
        "devices forgotten",
        "confirmed identity with security key",
        "warning about a security key cleared",
        origin.startsWith("https:") ? "203.0.113.9" : "127.0.0.1")) {
      walk.words(words);
    }
  }

  private void changePassword() throws Exception {
    walk.go("/account").click("Change password").see("Change your password");
    look("password");
    walk.type("password", CHANGED).type("repeated", PASSWORD).click("Change").alert("not the same");
    walk.type("password", email).type("repeated", email).click("Change");
    walk.alert("not your e-mail address");
    walk.type("password", CHANGED).type("repeated", CHANGED).click("Change password");
    walk.see(ACCOUNT).words("Your password was changed");
    signOut();
    password().see(SIGN_IN).alert("password is wrong");
    password = CHANGED;
    password().see(ACCOUNT);
  }

  private void keyboard() throws Exception {
    signOut();
    walk.go("/sign-in").focus("#email").insert(email);
    walk.focus("#password").insert(password);
    walk.enter().see(ACCOUNT);
    walk.focus("a[href='/keys']").enter().see(KEYS);
    walk.focus("a[href='/keys/add']").enter().see("Add a security key");
    touch(blue, false);
    green = walk.tab().plugIn("u2f");
    walk.focus("#name").insert("by keyboard");
    walk.enter().see(ADDED);
    walk.focus("main a.button").enter().see(KEYS);
    touch(green, false);
    touch(blue, true);
  }

  private void otherBrowsers() throws Exception {
    signOut();
    String none = walk.before("delete window.PublicKeyCredential");
    password().see(TOUCH).alert("This browser cannot use security keys");
    look("sign-in-key-unsupported");
    walk.click("Use your authenticator app instead").see("Use your authenticator app");
    walk.click("Use a recovery code").see("Use a recovery code");
    walk.type("code", recoveryCodes.get(2)).click("Continue").see(ACCOUNT);
    walk.go("/keys/add")
        .type("name", "x")
        .click("Next")
        .see(INSERT)
        .alert("set up an authenticator app");
    walk.noLonger(none);
    String old = walk.before(
        "delete PublicKeyCredential.parseCreationOptionsFromJSON;"
            + " delete PublicKeyCredential.parseRequestOptionsFromJSON; delete PublicKeyCredential.prototype.toJSON");
    touch(blue, false);
    touch(green, false);
    String older = walk.tab().plugIn("u2f");
    add("of an older browser");
    signOut();
    password().see(ACCOUNT);
    walk.noLonger(old);
    walk.tab()
        .command(
            "WebAuthn.removeVirtualAuthenticator",
            json -> json.writeStringField("authenticatorId", older));
    touch(blue, true);
  }

  private void turnOff() throws Exception {
    walk.go("/app/remove").click("Remove the app").see("Authenticator app").words("was removed");
    walk.go("/account").click("Turn off").see("Turn two-factor authentication off?");
    look("turn-off");
    walk.click("Turn two-factor").see(ACCOUNT).words("Your password alone signs in");
    walk.go("/nowhere").see("That did not work").words("no page at this address");
    look("no-page");
    walk.go("/account");
    signOut();
    password().see(ACCOUNT);
    signOut();
  }

  /** Somebody with one key who stays signed in elsewhere: what 200 replays of an answer are tried with. */
  Walk toReplay(Tab tab) throws Exception {
    walk = new Walk(tab, origin);
    walk.go("/create");
    fill(password, password).see(ACCOUNT);
    blue = tab.plugIn("u2f");
    add("blue");
    signOut();
    walk.before("HTMLFormElement.prototype.submit = function () {"
        + " window.answer = new URLSearchParams(new FormData(this)).toString(); }");
    password().see(TOUCH);
    return walk;
  }
}
