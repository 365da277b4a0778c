import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** Responses of real keys: the lines of webauthn-registrations.jsonl and webauthn-assertions.jsonl. */
final class Corpus {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Corpus() {}

  /** Those that say all that a relying party has to know: client data, not only their hash, and the RP ID. */
  static List<Case> read(Path folder) throws IOException {
    List<Case> cases = new ArrayList<>();
    int lines = 0;
    for (String file : List.of("webauthn-registrations.jsonl", "webauthn-assertions.jsonl")) {
      for (String line : Files.readAllLines(folder.resolve(file))) {
        lines++;
        JsonNode node = MAPPER.readTree(line);
        JsonNode in = node.get("inputs");
        if (in.has("clientDataJSON")
            && in.has("rpId")
            && in.has("origins")
            && in.has("challenge")) {
          cases.add(read("corpus " + node.get("id").asText(), in));
        }
      }
    }
    System.out.printf(
        "corpus: %d of %d lines hold all that a relying party has to know%n", cases.size(), lines);
    return cases;
  }

  private static Case read(String name, JsonNode in) {
    boolean creates = in.has("attestationObject");
    String id = in.get("credentialId").asText();
    String response = creates
        ? "\"attestationObject\":\"%s\",\"transports\":[]"
            .formatted(in.get("attestationObject").asText())
        : "\"authenticatorData\":\"%s\",\"signature\":\"%s\""
            .formatted(in.get("authenticatorData").asText(), in.get("signature").asText());
    String json =
        "{\"id\":\"%s\",\"rawId\":\"%s\",\"type\":\"public-key\",\"response\":{%s,\"clientDataJSON\":\"%s\"},\"clientExtensionResults\":{}}"
            .formatted(id, id, response, in.get("clientDataJSON").asText());
    List<String> origins = new ArrayList<>();
    in.get("origins").forEach(origin -> origins.add(origin.asText()));
    return new Case(
        name,
        "corpus",
        creates,
        in.get("rpId").asText(),
        origins,
        in.get("challenge").asText(),
        Base64.getUrlDecoder().decode(id),
        creates ? null : HexFormat.of().parseHex(in.get("publicKey").asText()),
        creates ? 0 : in.get("storedCounter").asLong(),
        false,
        json);
  }
}
