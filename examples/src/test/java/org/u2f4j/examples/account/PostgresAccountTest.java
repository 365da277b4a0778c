package org.u2f4j.examples.account;

class PostgresAccountTest extends AccountContract {
  @Override
  String emptyDatabase() throws Exception {
    return Postgres.emptySchema();
  }
}
