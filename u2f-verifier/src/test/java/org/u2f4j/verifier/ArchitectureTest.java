package org.u2f4j.verifier;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.onlyDependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which package may use which, and what no class does. */
class ArchitectureTest {
  private static final String LIBRARY = "org.u2f4j";
  private static final String ROOT = LIBRARY + ".verifier";

  /** What of the library is below: no transport, no client and no key. */
  private static final List<String> BELOW =
      List.of(LIBRARY, LIBRARY + ".message", LIBRARY + ".json", LIBRARY + ".strictjson");

  private static final JavaClasses MAIN = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests())
      .importPackages(ROOT);

  /** A package itself, those below it, and all that is not the library's. */
  private static DescribedPredicate<JavaClass> below(String... itself) {
    String[] names = Stream.concat(Stream.of(itself), BELOW.stream()).toArray(String[]::new);
    return resideInAnyPackage(names).or(DescribedPredicate.not(resideInAPackage(LIBRARY + "..")));
  }

  @Test
  void theRelyingPartyUsesMessagesAndJsonOnly() {
    classes()
        .that()
        .resideInAPackage(ROOT)
        .should(onlyDependOnClassesThat(below(ROOT)))
        .check(MAIN);
  }

  @ParameterizedTest
  @ValueSource(strings = {".jdbc", ".metadata", ".webauthn"})
  void theRestUsesTheRelyingPartyAndNotOneAnother(String name) {
    classes()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should(onlyDependOnClassesThat(below(ROOT, ROOT + name + "..")))
        .allowEmptyShould(true) // not written yet
        .check(MAIN);
  }

  @Test
  void everyPackageHasItsArrows() {
    Set<String> packages =
        MAIN.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
    packages.removeAll(List.of(ROOT + ".jdbc", ROOT + ".metadata", ROOT + ".webauthn"));
    assertEquals(Set.of(ROOT), packages);
  }

  private static Set<String> users(String dependency) {
    return MAIN.stream()
        .filter(type -> type.getDirectDependenciesFromSelf().stream()
            .anyMatch(used -> used.getTargetClass().getPackageName().startsWith(dependency)))
        .map(type -> type.getName().substring(ROOT.length() + 1).replaceAll("\\$.*", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void bouncyCastleIsKnownToFewClasses() {
    assertEquals(
        Set.of(
            "AttestationCertificate",
            "BouncyCastleEngine",
            "CertificateExtensions",
            "IssuerSignature"),
        users("org.bouncycastle"));
  }

  @Test
  void databasesAndJsonAreReadInTheirPlaces() {
    assertTrue(users("java.sql").stream().allMatch(name -> name.startsWith("jdbc.")));
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".metadata..")
        .and()
        .doNotHaveSimpleName("PendingJson")
        .and()
        .doNotHaveSimpleName("Row")
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
  void nothingIsLoggedButWhyAnEngineWasNotChosen() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..", "org.slf4j..")
        .check(MAIN);
    noClasses()
        .that()
        .resideInAPackage(ROOT)
        .and()
        .doNotHaveSimpleName("EngineChoice")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.System$Logger")
        .check(MAIN);
  }

  @Test
  void whatIsStaticIsFinal() {
    fields().that().areStatic().should().beFinal().check(MAIN);
  }

  @Test
  void noProviderIsRegistered() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.security.Security")
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
