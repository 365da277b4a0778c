package org.u2f4j.verifier.jdbc;

class PostgresRegistrationStoreTest extends JdbcStoreContract {
  @Override
  protected String emptyDatabase() throws Exception {
    return Postgres.emptySchema("read\\ committed");
  }

  @Override
  protected int usualFinishes() {
    return 600;
  }
}
