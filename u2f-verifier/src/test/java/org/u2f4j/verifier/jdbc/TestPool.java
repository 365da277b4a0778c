package org.u2f4j.verifier.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A pool that resets nothing, notes each statement, and can make one fail. */
final class TestPool implements AutoCloseable {
  interface Source {
    Connection open() throws SQLException;
  }

  /** Runs a statement after all. */
  interface Statements {
    Object run() throws Throwable;
  }

  /** Decides what becomes of a statement. */
  interface Interceptor {
    Object around(String sql, Statements statement) throws Throwable;
  }

  private final Source source;
  private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();
  private final Queue<Connection> all = new ConcurrentLinkedQueue<>();

  /** The statements that were executed. */
  final Queue<String> statements = new ConcurrentLinkedQueue<>();

  /** How many connections are out. */
  final AtomicInteger out = new AtomicInteger();

  volatile Interceptor interceptor = (sql, statement) -> statement.run();

  TestPool(Source source) {
    this.source = source;
  }

  DataSource dataSource() {
    return proxy(DataSource.class, (self, method, arguments) -> {
      if (!method.getName().equals("getConnection")) {
        throw new UnsupportedOperationException(method.toString());
      }
      Connection connection = take();
      out.incrementAndGet();
      return proxy(Connection.class, (it, called, values) -> switch (called.getName()) {
        case "close" -> {
          out.decrementAndGet();
          idle.add(connection);
          yield null;
        }
        case "prepareStatement" ->
          watched(PreparedStatement.class, invoke(connection, called, values), (String) values[0]);
        case "createStatement" -> watched(Statement.class, invoke(connection, called, values), "?");
        default -> invoke(connection, called, values);
      });
    });
  }

  /** A connection as it was left, for a look; to be given back by its own close(). */
  Connection take() throws SQLException {
    Connection free = idle.poll();
    if (free == null) {
      free = source.open();
      all.add(free);
    }
    return free;
  }

  /** Does something with the connection that the next statement will get. */
  void withNext(Consumer use) throws SQLException {
    Connection next = take();
    use.accept(next);
    idle.add(next);
  }

  interface Consumer {
    void accept(Connection connection) throws SQLException;
  }

  List<String> noted() {
    List<String> noted = new ArrayList<>(statements);
    statements.clear();
    return noted;
  }

  private <T> T watched(Class<T> type, Object statement, String prepared) {
    return proxy(type, (self, method, arguments) -> {
      if (!method.getName().startsWith("execute")) {
        return invoke(statement, method, arguments);
      }
      String sql = arguments == null ? prepared : (String) arguments[0];
      statements.add(sql);
      return interceptor.around(sql, () -> invoke(statement, method, arguments));
    });
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(TestPool.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  @Override
  public void close() throws SQLException {
    for (Connection connection : all) {
      connection.close();
    }
  }
}
