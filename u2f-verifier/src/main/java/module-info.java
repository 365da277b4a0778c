/** The relying party: verifies registrations and authentications. */
module org.u2f4j.verifier {
  requires static org.jspecify;
  requires transitive org.u2f4j.core;
}
