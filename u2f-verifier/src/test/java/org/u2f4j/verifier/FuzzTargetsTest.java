package org.u2f4j.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The build starts a JVM for each class *Fuzz; a target elsewhere would not be fuzzed. */
class FuzzTargetsTest {
  @Test
  void everyFuzzTargetIsAloneInItsClassAndCountsItsInputs() {
    Set<String> named = new TreeSet<>();
    Set<String> withOneTarget = new TreeSet<>();
    for (JavaClass type : new ClassFileImporter().importPackages("org.u2f4j.verifier")) {
      long targets = type.getMethods().stream()
          .filter(method -> method.isAnnotatedWith(FuzzTest.class))
          .count();
      if (type.getSimpleName().endsWith("Fuzz")) {
        named.add(type.getName());
      }
      if (targets > 0) {
        withOneTarget.add(
            targets == 1 && type.isAssignableTo(Fuzzing.class) && callsCount(type)
                ? type.getName()
                : type.getName() + " has " + targets + " targets, or does not count");
      }
    }
    assertEquals(named, withOneTarget);
    assertEquals(9, named.size(), named::toString);
  }

  private static boolean callsCount(JavaClass type) {
    return type.getMethodCallsFromSelf().stream()
        .map(call -> call.getTarget().getName())
        .collect(Collectors.toSet())
        .contains("count");
  }
}
