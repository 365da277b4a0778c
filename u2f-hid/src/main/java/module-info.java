/** Security keys on USB. */
@SuppressWarnings("requires-automatic") // hid4java has no module descriptor
module org.u2f4j.hid {
  requires com.sun.jna;
  requires hid4java;
  requires static org.jspecify;
  requires transitive org.u2f4j.core;

  exports org.u2f4j.hid;
  exports org.u2f4j.hid.token;
}
