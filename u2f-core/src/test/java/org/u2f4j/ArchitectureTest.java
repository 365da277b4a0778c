package org.u2f4j;

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
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;

/** Which package may use which, and what no class does. */
class ArchitectureTest {
  private static final String ROOT = "org.u2f4j";
  private static final JavaClasses MAIN = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests())
      .importPackages(ROOT);

  @ParameterizedTest
  @CsvSource({
    "'',          ''",
    ".apdu,       ''",
    ".message,    '',.apdu",
    ".strictjson, ''",
    ".json,       '',.message,.strictjson",
    ".client,     '',.apdu,.message,.json",
    ".soft,       '',.apdu,.message",
  })
  void aPackageUsesOnlyThoseBelowIt(ArgumentsAccessor arguments) {
    String itself = ROOT + arguments.getString(0);
    String[] below = arguments.toList().stream().map(name -> ROOT + name).toArray(String[]::new);
    DescribedPredicate<JavaClass> allowed =
        resideInAnyPackage(below).or(DescribedPredicate.not(resideInAPackage(ROOT + "..")));
    classes()
        .that()
        .resideInAPackage(itself)
        .should(onlyDependOnClassesThat(allowed))
        .check(MAIN);
  }

  @Test
  void everyPackageHasItsArrows() {
    Set<String> packages =
        MAIN.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
    assertEquals(
        new TreeSet<>(Arrays.asList(
            ROOT,
            ROOT + ".apdu",
            ROOT + ".client",
            ROOT + ".json",
            ROOT + ".message",
            ROOT + ".soft",
            ROOT + ".strictjson")),
        packages);
  }

  @Test
  void jsonIsReadInOnePackageAndWrittenInTwo() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".json", ROOT + ".strictjson")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.fasterxml..")
        .check(MAIN);
  }

  @Test
  void nothingIsPrinted() {
    GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(MAIN);
  }

  @Test
  void nothingIsLoggedBehindTheCallersBack() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..", "org.slf4j..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.System$Logger")
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
