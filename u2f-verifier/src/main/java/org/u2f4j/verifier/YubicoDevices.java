package org.u2f4j.verifier;

import java.util.Map;
import java.util.Optional;

/** What Yubico's device identifiers stand for (names from its published device metadata). */
final class YubicoDevices {
  private static final String ARC = "1.3.6.1.4.1.41482.1.";

  private static final Map<String, String> MODELS = Map.of(
      ARC + 1, "Security Key by Yubico",
      ARC + 2, "YubiKey NEO",
      ARC + 3, "YubiKey Plus",
      ARC + 4, "YubiKey Edge",
      ARC + 5, "YubiKey 4",
      ARC + 7, "YubiKey 5 Series",
      ARC + 9, "YubiKey Bio Series");

  private YubicoDevices() {}

  static Optional<String> model(String identifier) {
    return Optional.ofNullable(MODELS.get(identifier));
  }
}
