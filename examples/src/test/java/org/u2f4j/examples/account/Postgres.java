package org.u2f4j.examples.account;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** A PostgreSQL server that lives as long as this Java machine, and really writes to its disk. */
public final class Postgres {
  private static final AtomicInteger SCHEMAS = new AtomicInteger();
  private static EmbeddedPostgres server;

  private Postgres() {}

  /** The address of an empty schema. */
  public static synchronized String emptySchema() throws IOException, SQLException {
    if (server == null) {
      server = EmbeddedPostgres.builder()
          .setServerConfig("fsync", "on")
          .setServerConfig("synchronous_commit", "on")
          .start();
    }
    String address = server.getJdbcUrl("postgres", "postgres");
    String name = "test" + SCHEMAS.incrementAndGet();
    try (Connection connection = DriverManager.getConnection(address);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA " + name);
    }
    return address + "&currentSchema=" + name;
  }
}
