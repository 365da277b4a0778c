import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.u2f4j.FormatException;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.strictjson.JsonWriter;

/** A tab of Chromium, and the keys that are plugged in while it is open; driven by one thread over DevTools. */
final class Tab implements AutoCloseable {
  private final BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
  private final List<JsonObject> read = new ArrayList<>();
  private final WebSocket socket;
  private int commands;
  private boolean simulating;

  Tab(HttpClient http, URI address) throws Exception {
    WebSocket.Listener listener = new WebSocket.Listener() {
      private final StringBuilder message = new StringBuilder();

      @Override
      public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        message.append(part);
        if (last) {
          arrived.add(message.toString());
          message.setLength(0);
        }
        return WebSocket.Listener.super.onText(from, part, last);
      }
    };
    socket = http.newWebSocketBuilder()
        .connectTimeout(Chromium.PATIENCE)
        .buildAsync(address, listener)
        .join();
    command("Page.enable", json -> {});
    command("Page.setLifecycleEventsEnabled", json -> json.writeBooleanField("enabled", true));
  }

  private interface Wanted {
    boolean is(JsonObject message) throws FormatException;
  }

  /** The first message of that kind, whether it has arrived or is to come. */
  private JsonObject await(String what, Wanted wanted) throws Exception {
    for (JsonObject message : read) {
      if (wanted.is(message)) {
        return message;
      }
    }
    long end = System.nanoTime() + Chromium.PATIENCE.toNanos();
    while (true) {
      String text = arrived.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (text == null) {
        throw new IOException("waited %s s for %s".formatted(Chromium.PATIENCE.toSeconds(), what));
      }
      JsonObject message = JsonObject.parse(text);
      read.add(message);
      if (wanted.is(message)) {
        return message;
      }
    }
  }

  JsonObject command(String method, JsonWriter.Members parameters) throws Exception {
    int id = send(method, parameters);
    JsonObject answer =
        await("an answer to " + method, m -> Integer.valueOf(id).equals(m.optionalInt("id")));
    if (answer.has("error")) {
      throw new IOException(method + ": " + answer.object("error").string("message"));
    }
    return answer.object("result");
  }

  private int send(String method, JsonWriter.Members parameters) {
    int id = ++commands;
    socket
        .sendText(
            JsonWriter.object(json -> {
              json.writeNumberField("id", id);
              json.writeStringField("method", method);
              json.writeObjectFieldStart("params");
              parameters.writeTo(json);
              json.writeEndObject();
            }),
            true)
        .join();
    return id;
  }

  /** A picture of the whole page, in PNG: longer than the JSON that is read here otherwise. */
  byte[] picture() throws Exception {
    String start = "{\"id\":%s,\"result\":{\"data\":\""
        .formatted(send(
            "Page.captureScreenshot",
            json -> json.writeBooleanField("captureBeyondViewport", true)));
    while (true) {
      String text = arrived.poll(Chromium.PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
      if (text == null) {
        throw new IOException("waited %s s for a picture".formatted(Chromium.PATIENCE.toSeconds()));
      }
      if (text.startsWith(start)) {
        return Base64.getDecoder().decode(text.substring(start.length(), text.lastIndexOf('"')));
      }
      read.add(JsonObject.parse(text));
    }
  }

  void load(String url) throws Exception {
    JsonObject navigation = command("Page.navigate", json -> json.writeStringField("url", url));
    if (navigation.has("errorText")) {
      throw new IOException(url + ": " + navigation.string("errorText"));
    }
    String loader = navigation.string("loaderId");
    await("the end of loading " + url, m -> {
      JsonObject event =
          "Page.lifecycleEvent".equals(m.optionalString("method")) ? m.object("params") : null;
      return event != null
          && event.string("loaderId").equals(loader)
          && event.string("name").equals("load");
    });
  }

  /** What a script promises: a string, or its error as a string, such as "NotAllowedError: ...". */
  String run(String script) throws Exception {
    JsonObject result = command("Runtime.evaluate", json -> {
      json.writeStringField(
          "expression", "(async () => String(await " + script + "))().catch(String)");
      json.writeBooleanField("awaitPromise", true);
    });
    return result.object("result").string("value");
  }

  /** Plugs in a simulated key, which is touched whenever it waits for that; the tab sees no real keys any more. */
  String plugIn(String protocol) throws Exception {
    if (!simulating) {
      command("WebAuthn.enable", json -> {});
      simulating = true;
    }
    return command("WebAuthn.addVirtualAuthenticator", json -> {
          json.writeObjectFieldStart("options");
          json.writeStringField("protocol", protocol);
          json.writeStringField("transport", "usb");
          json.writeEndObject();
        })
        .string("authenticatorId");
  }

  /** Touches a key from now on whenever it waits for that, or no longer. */
  void touch(String key, boolean touched) throws Exception {
    command("WebAuthn.setAutomaticPresenceSimulation", json -> {
      json.writeStringField("authenticatorId", key);
      json.writeBooleanField("enabled", touched);
    });
  }

  /** Lets a newer key sign wrongly from now on: "isBogusSignature", or "isBadUP", as if it was not touched. */
  void spoil(String key, String how) throws Exception {
    command("WebAuthn.setResponseOverrideBits", json -> {
      json.writeStringField("authenticatorId", key);
      json.writeBooleanField(how, true);
    });
  }

  /** Puts a registration into a key, bound to an RP ID or AppID. */
  void put(String key, OpenKey from, String scope) throws Exception {
    command("WebAuthn.addCredential", json -> {
      json.writeStringField("authenticatorId", key);
      json.writeObjectFieldStart("credential");
      json.writeBinaryField("credentialId", from.handle().bytes().toArray());
      json.writeBooleanField("isResidentCredential", false);
      json.writeStringField("rpId", scope);
      json.writeBinaryField("privateKey", from.secret().toArray());
      json.writeNumberField("signCount", 7);
      json.writeEndObject();
    });
  }

  @Override
  public void close() throws Exception {
    command("Page.close", json -> {});
    socket.abort();
  }
}
