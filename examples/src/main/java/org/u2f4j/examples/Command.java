package org.u2f4j.examples;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParseResult;

/**
 * A subcommand.
 *
 * <p>Commands are described with picocli's model and not with its annotations, which cost twenty
 * milliseconds of reflection at each start.
 */
interface Command {
  CommandSpec spec();

  Exit run(ParseResult options, Terminal terminal) throws Failure, InterruptedException;

  /** What all commands have in common. */
  static CommandSpec spec(String name, String header, String description, String... footer) {
    CommandSpec spec = CommandSpec.create().name(name);
    spec.addOption(
        flag("Show this help and end.", "-h", "--help").usageHelp(true).build());
    UsageMessageSpec usage = spec.usageMessage();
    usage.header(header);
    usage.description("%n" + description + "%n");
    usage.optionListHeading("Options:%n");
    usage.sortOptions(false);
    usage.exitCodeListHeading("%nExit codes:%n");
    usage.exitCodeList(Exit.list());
    usage.footer(String.join("%n", footer) + "%n");
    return spec;
  }

  static OptionSpec.Builder flag(String description, String... names) {
    return OptionSpec.builder(names).type(boolean.class).description(description);
  }

  static OptionSpec.Builder option(
      Class<?> type, String label, String description, String... names) {
    return OptionSpec.builder(names).type(type).paramLabel(label).description(description);
  }

  static boolean has(ParseResult options, String name) {
    return options.matchedOptionValue(name, false);
  }
}
