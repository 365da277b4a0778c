package org.u2f4j.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.FakeClock;
import org.u2f4j.json.ErrorCode;
import org.u2f4j.json.ErrorCodeException;

class FacetRuleTest {
  private static final String URL = "https://example.com/facets";
  private static final AppId APP_ID = new AppId(URL);
  private static final String JSON = "application/fido.trusted-apps+json";

  private final FakeClock clock = new FakeClock();
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(5), clock);
  private final List<String> fetched = new ArrayList<>();
  private final Map<String, TrustedFacets.Response> web = new HashMap<>();
  private final TrustedFacets facets =
      new TrustedFacets(this::get, TrustedFacets.HostScope.SUBDOMAINS);

  private TrustedFacets.Response get(URI url, Deadline given) throws IOException {
    assertSame(deadline, given);
    fetched.add(url.toString());
    TrustedFacets.Response answer = web.get(url.toString());
    if (answer == null) {
      throw new IOException("no such server");
    }
    return answer;
  }

  private static TrustedFacets.Response ok(String contentType, String body) {
    return new TrustedFacets.Response(200, contentType, null, null, Bytes.utf8(body));
  }

  private static TrustedFacets.Response redirect(String location, String authorized) {
    return new TrustedFacets.Response(302, null, location, authorized, Bytes.EMPTY);
  }

  private static String list(String... ids) {
    return "{\"trustedFacets\":[{\"version\":{\"major\":1,\"minor\":0},\"ids\":[\""
        + String.join("\",\"", ids) + "\"]}]}";
  }

  private String refusal(FacetRule rule, String appId, String facet) {
    ErrorCodeException e =
        assertThrows(ErrorCodeException.class, () -> rule.check(new AppId(appId), facet, deadline));
    assertEquals(ErrorCode.BAD_REQUEST, e.code());
    return e.getMessage();
  }

  private void refusedBy(String rule, String appId, String facet) {
    String message = refusal(FacetRule.trustedFacets(facets), appId, facet);
    assertTrue(message.contains("(rule " + rule + ")"), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // 3.1.2.1
        "android:apk-key-hash:2jmj7l5rSw0yVb | android:apk-key-hash:2jmj7l5rSw0yVb",
        "ios:bundle-id:com.example.app       | ios:bundle-id:com.example.app",
        "http://example.com                  | http://example.com",
        // 3.1.2.3
        "https://example.com/app             | https://example.com",
        "https://example.com                 | https://example.com",
        "https://example.com:8443/app        | https://example.com",
        "https://example.com/app             | https://example.com:8443",
        "https://example.com:443/app         | https://example.com",
        "https://EXAMPLE.com/app             | https://example.com",
        "HTTPS://example.com/app             | https://example.com",
        "https://[::1]/app                   | https://[::1]:8443",
        "https://127.0.0.1/app               | https://127.0.0.1"
      })
  void aCallerOnTheAppIdsHostNeedsNoList(String appId, String facet) throws Exception {
    AppId given = new AppId(appId);
    assertSame(given, FacetRule.sameHost().check(given, facet, deadline));
    assertSame(given, FacetRule.trustedFacets(facets).check(given, facet, deadline));
    assertEquals(List.of(), fetched);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://example.com", "https://example.com:8443", "android:x", "http://a"})
  void withoutAnAppIdTheCallersFacetIsUsed(String facet) throws Exception {
    assertEquals(new AppId(facet), FacetRule.sameHost().check(new AppId(""), facet, deadline));
    assertEquals(
        new AppId(facet), FacetRule.trustedProgram().check(new AppId(""), facet, deadline));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://example.com/app              | https://example.com",
        "http://example.com/app              | http://example.com",
        "HTTP://example.com                  | http://example.com",
        "android:apk-key-hash:a              | android:apk-key-hash:b",
        "android:apk-key-hash:a              | https://example.com",
        "example.com                         | https://example.com",
        "https://                            | https://example.com",
        "https:///app                        | https://example.com",
        "https:example.com                   | https://example.com",
        "https://example.com:x/              | https://example.com",
        "' https://example.com'              | https://example.com",
        "https://exa mple.com                | https://example.com",
        "https://user@example.com/app        | https://example.com",
        "ftp://example.com                   | https://example.com",
        "javascript://example.com/%0aalert() | https://example.com"
      })
  void anAppIdThatIsNoHttpsUrlStandsForItselfOnly(String appId, String facet) {
    refusedBy("3.1.2.1", appId, facet);
    assertEquals(List.of(), fetched);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com",
        "https://login.example.com",
        "https://evil-example.com",
        "https://evilexample.com",
        "https://example.com.evil.org",
        "https://example.com.",
        "https://[::1]",
        "//example.com",
        "example.com",
        "android:apk-key-hash:a"
      })
  void aLookalikeIsNotOnTheSameHost(String facet) {
    String message = refusal(FacetRule.sameHost(), URL, facet);
    assertTrue(message.contains("(rule 3.1.2.3)"), message);

    web.put(URL, ok(JSON, list("https://example.com", "https://sub.example.com")));
    refusedBy("3.1.2.16", URL, facet);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://evil.org/https://example.com | is written https://evil.org,",
        "https://evil.org#https://example.com | is written https://evil.org,",
        "https://evil.org?https://example.com | is written https://evil.org,",
        "https://example.com/                 | is written https://example.com,",
        "https://example.com:443              | is written https://example.com,",
        "HTTPS://Example.com                  | is written https://example.com,",
        "http://localhost:80                  | is written http://localhost,",
        "https://example.com@evil.org         | is no facet",
        "https://                             | is no facet",
        "https:example.com                    | is no facet",
        "https://example.com%2eevil.org       | is no facet",
        "null                                 | is no facet",
        "''                                   | is no facet"
      })
  void aCallerIsWrittenAsAnOrigin(String facet, String why) {
    for (String appId : List.of(URL, facet, "")) {
      String message = refusal(FacetRule.sameHost(), appId, facet);
      assertTrue(message.contains(why), message);
    }
    assertEquals(List.of(), fetched);
  }

  @Test
  void theHostIsWhatStandsBehindTheUserName() {
    refusal(FacetRule.sameHost(), "https://example.com@evil.org/app", "https://example.com");
    refusal(FacetRule.sameHost(), "https://[::1]/app", "https://[::2]");
    refusal(FacetRule.sameHost(), "https://127.0.0.1/app", "https://127.0.0.2");
  }

  @Test
  void aTrustedProgramNamesItsAppIdItself() throws Exception {
    AppId other = new AppId("https://other.example/app");
    assertSame(other, FacetRule.trustedProgram().check(other, "https://example.com", deadline));
  }

  @ParameterizedTest
  @CsvSource({
    "https://login.example.com",
    "https://example.com:8443",
    "android:apk-key-hash:2jmj7l5rSw0yVb",
    "ios:bundle-id:com.example.app"
  })
  void aCallerOnTheListIsTrusted(String facet) throws Exception {
    AppId appId = new AppId("https://example.com:8443/facets");
    if (facet.equals("https://example.com:8443")) {
      appId = new AppId("https://www.example.com/facets");
    }
    web.put(
        "https://example.com:8443/facets",
        ok(
            JSON,
            list(
                "https://login.example.com/with/a/path",
                "android:apk-key-hash:2jmj7l5rSw0yVb",
                "ios:bundle-id:com.example.app")));
    // an AppID on www lists a facet on the domain above: for those who know public suffixes
    web.put("https://www.example.com/facets", ok(JSON, list("https://example.com:8443")));
    TrustedFacets wide = new TrustedFacets(
        this::get, (appIdHost, host) -> (appIdHost + host).matches("[a-z.]*example\\.com"));
    assertSame(appId, FacetRule.trustedFacets(wide).check(appId, facet, deadline));
    assertEquals(1, fetched.size());
  }

  @ParameterizedTest
  @CsvSource({
    "https://login.example.com:8443, https://login.example.com",
    "https://login.example.com, https://login.example.com:8443",
    "http://login.example.com, http://login.example.com",
    "http://login.example.com, https://login.example.com",
    "https://login.example.com, http://login.example.com",
    "https://evil.org, https://evil.org",
    "https://evil-example.com, https://evil-example.com",
    "https://example.com.evil.org, https://example.com.evil.org",
    "https://example.com@evil.org, https://evil.org",
    "https://example.com., https://example.com.",
    "https://.example.com, https://evil.org",
    "android:apk-key-hash:a, android:apk-key-hash:A",
    "login.example.com, https://login.example.com",
    "https://login.example.com, login.example.com"
  })
  void aCallerThatTheListDoesNotNameIsRefused(String listed, String facet) {
    web.put(URL, ok(JSON, list(listed, "https://example.com")));
    refusedBy("3.1.2.16", URL, facet);
  }

  @Test
  void onlyHttpsOriginsUnderTheAppIdsHostAndApplicationsCount() throws Exception {
    web.put(
        URL,
        ok(
            JSON,
            list(
                "https://example.com",
                "https://EXAMPLE.COM:444",
                "https://a.b.example.com",
                "http://example.com",
                "HTTP://sub.example.com",
                "https://com",
                "https://evil.org",
                "https://evil-example.com",
                "https://example.com.evil.org",
                "https://example.com@evil.org",
                "https://exa mple.com",
                "https://",
                "android:apk-key-hash:a",
                "ios:bundle-id:b",
                ":c",
                "d",
                "")));
    assertEquals(
        List.of(
            "https://example.com",
            "https://EXAMPLE.COM:444",
            "https://a.b.example.com",
            "android:apk-key-hash:a",
            "ios:bundle-id:b"),
        facets.fetch(APP_ID, deadline));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "['https://a.example.com','https://b.example.com'] | 2",
        "{'trustedFacets':[{'version':{'major':1,'minor':9},'ids':['android:a']}]} | 1",
        "{'trustedFacets':[{'version':{'major':2,'minor':0},'ids':['android:a']}]} | 0",
        "{'trustedFacets':[{'version':{'major':2},'ids':['android:a']},"
            + "{'version':{'major':1},'ids':['android:b','android:c']},"
            + "{'version':{'major':1},'ids':['android:d']}]} | 2",
        "{'trustedFacets':[{'ids':['android:a']}]} | 0",
        "{'trustedFacets':[],'more':true} | 0",
        "{} | 0",
        "[] | 0"
      },
      quoteCharacter = '"')
  void theListOfTodayAndThatOfOldServersAreRead(String json, int count) throws Exception {
    web.put(URL, ok(JSON, json.replace('\'', '"')));
    assertEquals(count, facets.fetch(APP_ID, deadline).size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>",
        "null",
        "\"https://login.example.com\"",
        "[1]",
        "[[\"https://login.example.com\"]]",
        "{\"trustedFacets\":{}}",
        "{\"trustedFacets\":[{\"version\":{\"major\":1},\"ids\":\"https://login.example.com\"}]}",
        "[\"https://login.example.com\"] more",
        "[\"https://login.example.com\""
      })
  void aListThatDoesNotParseIsRefused(String body) {
    web.put(URL, ok(JSON, body));
    refusedBy("3.1.2.15", URL, "https://login.example.com");
  }

  @Test
  void aListOverTheSizeLimitIsRefused() {
    String ids = list("https://login.example.com");
    web.put(URL, ok(JSON, ids + " ".repeat(65_537 - ids.length())));
    refusedBy("3.1.2.15", URL, "https://login.example.com");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/fido.trusted-apps+json",
        "Application/FIDO.Trusted-Apps+JSON",
        "application/fido.trusted-apps+json; charset=utf-8",
        "application/fido.trusted-apps+json ;charset=\"utf-8\""
      })
  void theContentTypeMayHaveParameters(String contentType) throws Exception {
    web.put(URL, ok(contentType, list("https://login.example.com")));
    FacetRule.trustedFacets(facets).check(APP_ID, "https://login.example.com", deadline);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "absent",
      value = {
        "absent",
        "''",
        "application/json",
        "text/html",
        "application/fido.trusted-apps+jsonp",
        "text/plain; application/fido.trusted-apps+json"
      })
  void anotherContentTypeIsRefused(String contentType) {
    web.put(URL, ok(contentType, list("https://login.example.com")));
    refusedBy("3.1.2.6", URL, "https://login.example.com");
  }

  @Test
  void anAuthorizedRedirectIsFollowedAndTheHostStaysTheAppIds() throws Exception {
    web.put(URL, redirect("/other", "true"));
    web.put("https://example.com/other", redirect("https://cdn.example.net/list", "TRUE"));
    web.put(
        "https://cdn.example.net/list",
        ok(JSON, list("https://login.example.com", "https://cdn.example.net")));
    assertEquals(List.of("https://login.example.com"), facets.fetch(APP_ID, deadline));
    assertEquals(3, fetched.size());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "absent",
      value = {"absent", "''", "false", "1", "'true, true'"})
  void aRedirectWithoutTheHeaderIsRefused(String authorized) {
    web.put(URL, redirect("https://example.com/other", authorized));
    refusedBy("3.1.2.9", URL, "https://login.example.com");
    assertEquals(List.of(URL), fetched);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com/other",
        "ftp://example.com",
        "file:///etc/passwd",
        "https://user:secret@example.com/other"
      })
  void aRedirectToWhatIsNotHttpsIsRefused(String location) {
    web.put(URL, redirect(location, "true"));
    refusedBy("3.1.2.4", URL, "https://login.example.com");
    assertEquals(List.of(URL), fetched);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "absent",
      value = {
        "302, absent",
        "302, https://a b",
        "302, https:",
        "302, https://",
        "404, absent",
        "401, absent",
        "500, /x",
        "204, /x",
        "0, /x"
      })
  void whatIsNeitherAListNorARedirectIsRefused(int status, String location) {
    web.put(URL, new TrustedFacets.Response(status, JSON, location, "true", Bytes.utf8("[]")));
    refusedBy("3.1.2.15", URL, "https://login.example.com");
    assertEquals(List.of(URL), fetched);
  }

  @Test
  void aCircleOfRedirectsEnds() {
    web.put(URL, redirect(URL, "true"));
    String message = refusal(FacetRule.trustedFacets(facets), URL, "https://login.example.com");
    assertTrue(message.contains("more than 5 times"), message);
    assertEquals(6, fetched.size());
  }

  @Test
  void aListThatDoesNotComeInTimeIsATimeoutOnlyIfTheDeadlineHasPassed() {
    TrustedFacets slow = new TrustedFacets(
        (url, end) -> {
          clock.advance(Duration.ofSeconds(4));
          throw new DeadlineException("too slow");
        },
        TrustedFacets.HostScope.SUBDOMAINS);
    FacetRule rule = FacetRule.trustedFacets(slow);
    refusal(rule, URL, "https://login.example.com");
    ErrorCodeException e = assertThrows(
        ErrorCodeException.class, () -> rule.check(APP_ID, "https://login.example.com", deadline));
    assertEquals(ErrorCode.TIMEOUT, e.code());
  }

  @Test
  void anInterruptIsNoRefusal() {
    TrustedFacets interrupted = new TrustedFacets(
        (url, end) -> {
          throw new InterruptedException();
        },
        TrustedFacets.HostScope.SUBDOMAINS);
    assertThrows(
        InterruptedException.class,
        () ->
            FacetRule.trustedFacets(interrupted).check(APP_ID, "https://a.example.com", deadline));
  }
}
