package org.u2f4j.hid;

import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the integration tests where there is a key for certain, so that a test that is skipped fails
 * too. Prints a line a test; the argument is a name to put before it.
 */
final class MachineTests implements TestExecutionListener {
  private final String prefix;
  private final Map<TestIdentifier, Long> started = new HashMap<>();
  private TestPlan plan;
  private int passed;
  private int failed;

  private MachineTests(String prefix) {
    this.prefix = prefix;
  }

  public static void main(String[] args) {
    MachineTests tests = new MachineTests(args[0]);
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectPackage(MachineTests.class.getPackageName()))
                .filters(includeClassNamePatterns(".*IT"))
                .build(),
            tests);
    System.exit(tests.failed == 0 && tests.passed > 0 ? 0 : 1);
  }

  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    this.plan = plan;
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    started.put(test, System.nanoTime());
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    failed++;
    say(test, Duration.ZERO, "SKIPPED: " + reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    Duration time = Duration.ofNanos(System.nanoTime() - started.remove(test));
    if (result.getStatus() == Status.SUCCESSFUL) {
      if (test.isTest()) {
        passed++;
        say(test, time, "");
      }
    } else {
      failed++;
      say(test, time, result.getStatus() + ": ");
      result.getThrowable().ifPresent(Throwable::printStackTrace);
    }
  }

  private void say(TestIdentifier test, Duration time, String result) {
    System.out.printf(
        Locale.ROOT, "%7.2f s  %s: %s%s%n", time.toNanos() / 1e9, prefix, result, name(test));
  }

  /** With the method of a test that runs several times. */
  private String name(TestIdentifier test) {
    String own = test.getDisplayName();
    return plan.getParent(test)
        .filter(parent -> parent.getSource().orElse(null) instanceof MethodSource)
        .map(parent -> parent.getDisplayName() + " " + own)
        .orElse(own);
  }
}
