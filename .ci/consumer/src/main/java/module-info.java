module org.example.consumer {
  requires java.sql;
  requires org.u2f4j.core;
  requires org.u2f4j.hid;
  requires org.u2f4j.verifier;
}
