/** The relying party: verifies registrations and authentications. */
module org.u2f4j.verifier {
  requires com.fasterxml.jackson.core;
  requires java.net.http;
  requires static java.sql;
  requires static org.jspecify;
  requires org.bouncycastle.provider;
  requires transitive org.u2f4j.core;

  exports org.u2f4j.verifier;
  exports org.u2f4j.verifier.jdbc;
  exports org.u2f4j.verifier.metadata;
  exports org.u2f4j.verifier.webauthn;
}
