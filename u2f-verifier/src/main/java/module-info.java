/** The relying party: verifies registrations and authentications. */
module org.u2f4j.verifier {
  requires static java.sql;
  requires static org.jspecify;
  requires com.fasterxml.jackson.core;
  requires java.net.http;
  requires org.bouncycastle.provider;
  requires transitive org.u2f4j.core;

  exports org.u2f4j.verifier;
  exports org.u2f4j.verifier.metadata;
}
