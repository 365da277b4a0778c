package org.u2f4j.examples.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is answered. The headers that all answers have are not in it. */
final class Reply {
  static final int OK = 200;
  static final int SEE_OTHER = 303;
  static final int NOT_MODIFIED = 304;

  /** Something in what was filled in will not do. */
  static final int UNPROCESSABLE = 422;

  static final int TOO_MANY = 429;
  static final int FAILED = 500;
  static final int UNAVAILABLE = 503;

  final int status;
  final byte[] body;
  final Map<String, String> headers = new LinkedHashMap<>();
  final List<String> cookies = new ArrayList<>();

  Reply(int status, String type, byte[] body) {
    this.status = status;
    this.body = body;
    if (body.length > 0) {
      headers.put("Content-Type", type);
    }
  }

  static Reply html(int status, String html) {
    return new Reply(status, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
  }

  /** After a POST, so that reloading the page does not send the form again. */
  static Reply redirect(String path) {
    return new Reply(SEE_OTHER, "", new byte[0]).with("Location", path);
  }

  Reply with(String header, String value) {
    headers.put(header, value);
    return this;
  }

  Reply cookie(String header) {
    cookies.add(header);
    return this;
  }
}
