package org.u2f4j.hid;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.onlyDependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which package may use which, and what no class does. */
class ArchitectureTest {
  private static final String LIBRARY = "org.u2f4j";
  private static final String ROOT = LIBRARY + ".hid";
  private static final String TOKEN = ROOT + ".token";
  private static final JavaClasses MAIN = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests())
      .importPackages(ROOT);

  private static DescribedPredicate<JavaClass> below(String... names) {
    return resideInAnyPackage(names).or(DescribedPredicate.not(resideInAPackage(LIBRARY + "..")));
  }

  @Test
  void theHostUsesCommandsAndAnswersOnly() {
    classes()
        .that()
        .resideInAPackage(ROOT)
        .and()
        .haveNameNotMatching(".*\\.HidKeySource(\\$.*)?") // which brings keys to a race
        .should(onlyDependOnClassesThat(below(ROOT, LIBRARY, LIBRARY + ".apdu")))
        .check(MAIN);
  }

  @Test
  void theTokenUsesTheHostsMessagesAndNoMore() {
    classes()
        .that()
        .resideInAPackage(TOKEN)
        .should(onlyDependOnClassesThat(below(TOKEN, ROOT, LIBRARY, LIBRARY + ".apdu")))
        .check(MAIN);
  }

  @Test
  void everyPackageHasItsArrows() {
    Set<String> packages =
        MAIN.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(ROOT, TOKEN), packages);
  }

  @Test
  void twoClassesKnowHid4Java() {
    noClasses()
        .that()
        .doNotHaveSimpleName("Hid4JavaKeys")
        .and()
        .doNotHaveSimpleName("Hid4JavaConnection")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.hid4java..")
        .check(MAIN);
  }

  @Test
  void nothingIsPrinted() {
    GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(MAIN);
  }

  @Test
  void nothingIsLoggedThroughALibrary() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..", "org.slf4j..")
        .check(MAIN);
  }

  @Test
  void noConstructorStartsAThread() {
    List<JavaMethodCall> starts = MAIN.stream()
        .flatMap(type -> type.getConstructors().stream())
        .flatMap(constructor -> constructor.getMethodCallsFromSelf().stream())
        .filter(call -> call.getTargetOwner().isAssignableTo(Thread.class)
            || call.getTargetOwner().isAssignableTo(Executor.class))
        .toList();
    assertEquals(List.of(), starts);
  }
}
