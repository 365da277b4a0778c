package org.u2f4j.examples;

import java.util.List;

/** The environment of child processes: what a test sees is not to depend on that of the build. */
final class ChildEnvironment {
  private ChildEnvironment() {}

  /** A process builder whose Java takes options, and says so, from its command line only. */
  static ProcessBuilder clean(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .removeAll(
            List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "JDK_JAVAC_OPTIONS"));
    return builder;
  }
}
