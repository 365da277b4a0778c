package org.u2f4j.examples;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells in the command's own words what is wrong with a command line. */
final class UsageErrors {
  private UsageErrors() {}

  /** Of several errors an unknown word is the one to tell: it may be the cause of the others. */
  static Exit tell(List<Exception> errors, CommandLine line, String[] args, Terminal terminal) {
    Exception told = errors.stream()
        .filter(UnmatchedArgumentException.class::isInstance)
        .findFirst()
        .orElse(errors.get(0));
    CommandLine at = told instanceof ParameterException e ? e.getCommandLine() : line;
    String name = at.getCommandSpec().qualifiedName();
    if (told instanceof UnmatchedArgumentException unmatched) {
      sayWhatIsUnknown(
          unknown(unmatched, at.getCommandSpec(), args), at.getCommandSpec(), terminal);
    } else {
      terminal.say(name + ": " + sentence(told));
    }
    sayWhereHelpIs(name, terminal);
    return Exit.USAGE;
  }

  /** The word that nobody knows; picocli does not say it of one that stands where a value should. */
  private static String unknown(
      UnmatchedArgumentException unmatched, CommandSpec command, String[] args) {
    return Stream.concat(
            unmatched.getUnmatched().stream(),
            Stream.of(args)
                .filter(arg -> arg.startsWith("-") && !command.optionsMap().containsKey(arg)))
        .findFirst()
        .orElse("");
  }

  private static void sayWhatIsUnknown(String given, CommandSpec command, Terminal terminal) {
    String word = given.startsWith("-") ? given.split("=", 2)[0] : given;
    String name = command.qualifiedName();
    Set<String> known = new TreeSet<>(command.optionsMap().keySet());
    known.removeIf(option -> !option.startsWith("--"));
    boolean group = !command.subcommands().isEmpty();
    known.addAll(command.subcommands().keySet());
    if (word.startsWith("-")) {
      terminal.say("%s: there is no option %s".formatted(name, word));
    } else if (group) {
      terminal.say("%s: there is no command \"%s\"".formatted(name, word));
    } else if (!command.positionalParameters().isEmpty()) {
      String hint = name.endsWith("inspect") ? "; quote hex that has spaces, like \"90 00\"" : "";
      terminal.say("%s: \"%s\" is one argument too many%s".formatted(name, word, hint));
      return;
    } else {
      terminal.say("%s: it takes no argument, and \"%s\" is one".formatted(name, word));
      return;
    }
    List<String> near = Suggestion.near(word, known);
    if (!near.isEmpty()) {
      terminal.say("Did you mean: " + String.join(" or ", near) + "?");
    }
  }

  private static String sentence(Exception problem) {
    if (problem instanceof MissingParameterException e) {
      return "expected is "
          + e.getMissing().stream().map(UsageErrors::synopsis).collect(Collectors.joining(" and "));
    }
    if (problem instanceof OverwrittenOptionException e) {
      return synopsis(e.getOverwritten()) + " is given twice";
    }
    if (problem instanceof ParameterException e && e.getArgSpec() != null) {
      return "%s cannot be \"%s\"".formatted(synopsis(e.getArgSpec()), e.getValue());
    }
    return String.valueOf(problem.getMessage());
  }

  private static String synopsis(ArgSpec arg) {
    boolean flag = arg.arity().max() == 0;
    return arg instanceof OptionSpec option
        ? option.longestName() + (flag ? "" : " " + arg.paramLabel())
        : arg.paramLabel();
  }

  static void sayWhereHelpIs(String name, Terminal terminal) {
    terminal.say("\"" + name + " --help\" shows what there is.");
  }
}
