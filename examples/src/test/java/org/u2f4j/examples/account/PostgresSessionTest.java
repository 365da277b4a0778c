package org.u2f4j.examples.account;

class PostgresSessionTest extends SessionContract {
  @Override
  String emptyDatabase() throws Exception {
    return Postgres.emptySchema();
  }
}
