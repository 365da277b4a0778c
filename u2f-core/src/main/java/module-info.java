/** FIDO U2F messages, client and software key. */
module org.u2f4j.core {
  requires static org.jspecify;
  requires com.fasterxml.jackson.core;
  requires java.net.http;
}
