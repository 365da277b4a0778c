package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

class MetadataCommandTest {
  private static final String FOLDER = "u2f4j.mds";

  @TempDir
  Path folder;

  @Test
  void tellsWhatIsNoBlob() throws Exception {
    Path file = Files.writeString(folder.resolve("blob"), "a.b.c");
    Session broken = Session.of("", "metadata", file.toString());
    assertEquals(4, broken.exit());
    assertTrue(broken.err().contains("(MALFORMED_METADATA)"), broken.err());
    Session missing = Session.of("", "metadata", folder.resolve("none").toString());
    assertEquals(4, missing.exit());
    assertTrue(missing.err().contains("there is no "), missing.err());
    assertEquals(2, Session.of("", "metadata").exit());
    assertEquals(2, Session.of("", "metadata", file.toString(), "--at", "today").exit());
    assertEquals(
        4,
        Session.of("", "metadata", file.toString(), "--root", file.toString()).exit());
  }

  /** With number 31 of the FIDO Alliance's blobs, which was signed in 2023. */
  @Test
  @EnabledIfSystemProperty(
      named = FOLDER,
      matches = ".+",
      disabledReason = "no folder is named by -D" + FOLDER)
  void showsABlob() {
    String blob = System.getProperty(FOLDER) + "/mds3-no31.blob.jwt";
    Session then = Session.of("", "metadata", blob, "--at", "2023-09-30");
    assertEquals(0, then.exit(), then.err());
    assertTrue(then.out().startsWith("serial number       31\n"), then.out());
    Session now = Session.of("", "metadata", blob);
    assertEquals(1, now.exit());
    assertTrue(now.err().contains("--allow-expired-signer"), now.err());
    Session stale = Session.of("", "metadata", blob, "--allow-expired-signer");
    assertEquals(1, stale.exit());
    assertTrue(stale.err().contains("2023-10-01: fetch a newer blob, from "), stale.err());
    Session allowed = Session.of(
        "", "metadata", blob, "--json", "--allow-expired-signer", "--allow-stale-metadata");
    assertEquals(2, ((List<?>) allowed.json().get("warnings")).size());
  }
}
