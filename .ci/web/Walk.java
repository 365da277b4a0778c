import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.u2f4j.strictjson.JsonObject;

/** Somebody in front of a tab, who reads headings and messages, types, and clicks. */
final class Walk {
  private final Tab tab;
  private final String origin;

  Walk(Tab tab, String origin) {
    this.tab = tab;
    this.origin = origin;
  }

  Tab tab() {
    return tab;
  }

  /** What a script says; a page that goes away while it runs is asked again. */
  String ask(String script) throws Exception {
    long end = System.nanoTime() + Chromium.PATIENCE.toNanos();
    while (true) {
      try {
        return tab.run("(" + script + ")");
      } catch (IOException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        Thread.sleep(20);
      }
    }
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  Walk go(String path) throws Exception {
    ask("(() => { window.stale = true; location.href = " + quoted(path) + "; })()");
    await(path, "!window.stale && document.readyState === 'complete'");
    return this;
  }

  /** Waits for a page of that heading which was not there at the last click. */
  Walk see(String heading) throws Exception {
    await(
        "the page \"" + heading + "\"",
        "!window.stale && document.readyState === 'complete' && document.querySelector('h1')?.textContent === "
            + quoted(heading));
    return this;
  }

  /** Waits for a new page with these words on it. */
  Walk words(String words) throws Exception {
    await(
        "\"" + words + "\"",
        "!window.stale && document.readyState === 'complete' && document.body.innerText.includes("
            + quoted(words) + ")");
    return this;
  }

  /** Waits for a new page which says that this went wrong. */
  Walk alert(String words) throws Exception {
    await(
        "the alert \"" + words + "\"",
        "!window.stale && document.readyState === 'complete' && [...document.querySelectorAll('[role=alert]:not([hidden])')]"
            + ".some((one) => one.innerText.includes(" + quoted(words) + "))");
    return this;
  }

  private void await(String what, String condition) throws Exception {
    long end = System.nanoTime() + Chromium.PATIENCE.toNanos();
    while (!ask(condition).equals("true")) {
      if (System.nanoTime() > end) {
        throw new Check.Failure("waited for %s, there is: %s"
            .formatted(what, ask("document.title + ' | ' + document.body.innerText")));
      }
      Thread.sleep(20);
    }
  }

  Walk type(String id, String text) throws Exception {
    String said = ask("(() => { const field = document.getElementById(" + quoted(id)
        + "); field.value = " + quoted(text) + "; return field.id; })()");
    Check.equal("field", id, said);
    return this;
  }

  Walk tick(String id) throws Exception {
    ask("document.getElementById(" + quoted(id) + ").click()");
    return this;
  }

  /** Clicks the button or link whose words begin so. */
  Walk click(String words) throws Exception {
    String said = ask(
        "(() => { const one = [...document.querySelectorAll('a, button')]"
            + ".find((each) => each.offsetParent && each.textContent.trim().startsWith("
            + quoted(words)
            + ")); if (!one) return 'nothing'; window.stale = true; one.click(); return 'clicked'; })()");
    if (!said.equals("clicked")) {
      throw new Check.Failure(
          "there is no \"%s\" on the page: %s".formatted(words, ask("document.body.innerText")));
    }
    return this;
  }

  String text(String selector) throws Exception {
    return ask("document.querySelector(" + quoted(selector) + ").innerText");
  }

  String path() throws Exception {
    return ask("location.pathname");
  }

  /** Runs in each page from now on before the page's own script; the answer ends it. */
  String before(String script) throws Exception {
    return tab.command(
            "Page.addScriptToEvaluateOnNewDocument",
            json -> json.writeStringField("source", script))
        .string("identifier");
  }

  void noLonger(String before) throws Exception {
    tab.command(
        "Page.removeScriptToEvaluateOnNewDocument",
        json -> json.writeStringField("identifier", before));
  }

  /** Presses a key as a person does. */
  void press(String key, int code, String text) throws Exception {
    for (String type : List.of("keyDown", "keyUp")) {
      tab.command("Input.dispatchKeyEvent", json -> {
        json.writeStringField("type", type);
        json.writeStringField("key", key);
        json.writeStringField("code", key);
        json.writeNumberField("windowsVirtualKeyCode", code);
        if (type.equals("keyDown") && !text.isEmpty()) {
          json.writeStringField("text", text);
        }
      });
    }
  }

  void insert(String text) throws Exception {
    tab.command("Input.insertText", json -> json.writeStringField("text", text));
  }

  /** Goes on with Tab until the element has the focus; there must be a way. */
  Walk focus(String selector) throws Exception {
    for (int i = 0; i < 40; i++) {
      if (ask("document.activeElement.matches(" + quoted(selector) + ")").equals("true")) {
        return this;
      }
      press("Tab", 9, "");
    }
    throw new Check.Failure("Tab does not lead to " + selector);
  }

  Walk enter() throws Exception {
    ask("window.stale = true");
    press("Enter", 13, "\r");
    return this;
  }

  /** The cookies of the site, as a header has them. */
  Map<String, JsonObject> cookies() throws Exception {
    Map<String, JsonObject> cookies = new LinkedHashMap<>();
    JsonObject answer = tab.command("Network.getCookies", json -> {
      json.writeArrayFieldStart("urls");
      json.writeString(origin + "/");
      json.writeEndArray();
    });
    for (JsonObject cookie : answer.objects("cookies")) {
      cookies.put(cookie.string("name"), cookie);
    }
    return cookies;
  }

  String cookieHeader() throws Exception {
    StringBuilder header = new StringBuilder();
    for (Map.Entry<String, JsonObject> cookie : cookies().entrySet()) {
      header
          .append(header.length() == 0 ? "" : "; ")
          .append(cookie.getKey())
          .append('=')
          .append(cookie.getValue().string("value"));
    }
    return header.toString();
  }

  void forgetCookies() throws Exception {
    tab.command("Network.clearBrowserCookies", json -> {});
  }
}
