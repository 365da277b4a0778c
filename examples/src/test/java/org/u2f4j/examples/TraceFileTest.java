package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.u2f4j.soft.SoftwareKey;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class TraceFileTest {
  @TempDir
  Path folder;

  @Test
  void aThreadThatIsInterruptedAsItWritesClosesTheFileForNobody() throws Exception {
    CommandSpec spec = CommandSpec.create();
    TraceFile.addOptions(spec);
    Path path = folder.resolve("trace");
    try (TraceFile trace =
        TraceFile.of(new CommandLine(spec).parseArgs("--trace", path.toString()))) {
      Thread.currentThread().interrupt();
      trace.of(SoftwareKey.create());
      Thread.interrupted();
      trace.of(SoftwareKey.create());
    }
    assertEquals(List.of(TraceFile.SOFT, TraceFile.SOFT), Files.readAllLines(path));
  }
}
