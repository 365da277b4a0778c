package org.u2f4j.hid.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No check of the list is forgotten, and none is made up. */
class DeviceChecksTest {
  /** The reasons why a token cannot pass a check. */
  private static final Map<String, String> EXCUSED =
      Map.of("GU17", "wants 6700 where SU09, which is newer, wants 6A80");

  private static final List<Class<?>> CLASSES = List.of(
      TokenWithLockTest.class,
      TokenWithoutLockTest.class,
      LenientTokenTest.class,
      TokenU2fTest.class);

  @Test
  void eachCheckIsMadeOrExcused() throws IOException {
    Set<String> made = CLASSES.stream()
        .flatMap(type -> Stream.of(type, type.getSuperclass()))
        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
        .filter(method -> method.isAnnotationPresent(Check.class))
        .flatMap(method -> Arrays.stream(method.getAnnotation(Check.class).value()))
        .collect(Collectors.toCollection(TreeSet::new));
    Set<String> listed = listed();
    assertEquals(72, listed.size());
    assertTrue(Collections.disjoint(made, EXCUSED.keySet()));
    made.addAll(EXCUSED.keySet());
    assertEquals(listed, made);
  }

  private static Set<String> listed() throws IOException {
    try (InputStream in = DeviceChecksTest.class.getResourceAsStream("device-checks.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.substring(0, line.indexOf(' ')))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
