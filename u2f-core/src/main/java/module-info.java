/** Messages, JSON, client and software key of FIDO U2F. */
@SuppressWarnings("module") // the one that strictjson is for is built later
module org.u2f4j.core {
  requires com.fasterxml.jackson.core;
  requires java.net.http;
  requires static org.jspecify;

  exports org.u2f4j;
  exports org.u2f4j.apdu;
  exports org.u2f4j.client;
  exports org.u2f4j.json;
  exports org.u2f4j.message;
  exports org.u2f4j.soft;
  exports org.u2f4j.strictjson to
      org.u2f4j.verifier;
}
