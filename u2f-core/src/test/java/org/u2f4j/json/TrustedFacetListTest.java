package org.u2f4j.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;

class TrustedFacetListTest {
  private static List<String> ids(String json) throws FormatException {
    return TrustedFacetList.decode(Bytes.utf8(json.replace('\'', '"'))).ids();
  }

  @Test
  void bothShapesAreRead() throws FormatException {
    assertEquals(
        List.of("https://example.com", "https://login.example.com", "android:apk-key-hash:x"),
        ids(Shapes.FACETS));
    assertEquals(
        List.of("https://example.com", "https://login.example.com"), ids(Shapes.FACETS_OLD));
  }

  @Test
  void theNewestOfMajorVersion1Counts() throws FormatException {
    assertEquals(List.of("b"), ids("""
        {'trustedFacets': [
          {'version': {'major': 2, 'minor': 0}, 'ids': ['a']},
          {'version': {'major': 1, 'minor': 9}, 'ids': ['b']},
          {'version': {'minor': 1}, 'ids': ['c']},
          {'version': {'major': 1}, 'ids': ['d']},
          {'version': {'major': 1, 'minor': 8}, 'ids': ['f']},
          {'ids': ['e']}]}"""));
    assertEquals(List.of(), ids("{}"));
    assertEquals(List.of(), ids("[]"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "'x'",
        "[1]",
        "[null]",
        "[['x']]",
        "['x'] 1",
        "{'trustedFacets': {}}",
        "{'trustedFacets': ['x']}",
        "{'trustedFacets': [{'version': 1, 'ids': []}]}",
        "{'trustedFacets': [{'version': {'major': '1'}, 'ids': []}]}",
        "{'trustedFacets': [{'version': {'major': 1}, 'ids': 'x'}]}",
        "{'trustedFacets': [{'version': {'major': 1}, 'ids': [1]}]}",
      })
  void otherShapesAreRefused(String json) {
    assertThrows(FormatException.class, () -> ids(json));
  }

  @Test
  void whatIsNotUtf8IsRefused() {
    assertThrows(
        FormatException.class, () -> TrustedFacetList.decode(Bytes.of((byte) '[', (byte) 0x80)));
  }

  @Test
  void aChangedListChangesNothing() {
    List<String> ids = new ArrayList<>(List.of("a"));
    TrustedFacetList list = new TrustedFacetList(ids);
    ids.clear();
    assertEquals(List.of("a"), list.ids());
  }
}
