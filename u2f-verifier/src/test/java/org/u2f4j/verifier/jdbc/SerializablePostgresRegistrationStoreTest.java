package org.u2f4j.verifier.jdbc;

class SerializablePostgresRegistrationStoreTest extends JdbcStoreContract {
  @Override
  protected String emptyDatabase() throws Exception {
    return Postgres.emptySchema("serializable");
  }

  @Override
  protected int usualFinishes() {
    return 400;
  }
}
