package org.u2f4j.examples.account;

class PostgresStrangerTest extends StrangerContract {
  @Override
  String emptyDatabase() throws Exception {
    return Postgres.emptySchema();
  }
}
