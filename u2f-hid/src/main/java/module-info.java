/** Transport to security keys on USB. */
module org.u2f4j.hid {
  requires static org.jspecify;
  requires transitive org.u2f4j.core;
}
