package org.u2f4j.examples;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The u2f command. */
public final class U2f {
  private static final List<String> COMMANDS =
      List.of("demo", "register", "sign", "verify", "inspect");

  private U2f() {}

  /**
   * Runs the command and ends the process with its exit code.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    Output out = new Output();
    Terminal terminal = new Terminal(
        System.in,
        new PrintStream(out, false, StandardCharsets.UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        System.getProperty("u2f.terminals", ""),
        System.getenv("NO_COLOR") == null || System.getenv("NO_COLOR").isEmpty());
    Exit exit = run(args, terminal);
    terminal.out().flush();
    if (out.problem != null && exit != Exit.INTERRUPTED) {
      String reason = String.valueOf(out.problem.getMessage());
      if (!reason.toLowerCase(Locale.ROOT).contains("pipe")) { // EPIPE, in whatever language
        terminal.say("u2f: standard output cannot be written: " + reason);
        exit = Exit.ITSELF;
      } else if (exit == Exit.DONE) {
        exit = Exit.PIPE;
      }
    }
    // After Ctrl-C the machine is on its way down already, with the exit code of the signal.
    if (exit != Exit.INTERRUPTED) {
      System.exit(exit.code);
    }
  }

  /** Standard output that remembers why it could not be written, as PrintStream does not. */
  private static final class Output extends OutputStream {
    private final byte[] one = new byte[1];
    private final OutputStream inner =
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 8192);
    private @Nullable IOException problem;

    @Override
    public void write(int b) throws IOException {
      one[0] = (byte) b;
      write(one, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        inner.write(bytes, from, length);
      } catch (IOException e) {
        problem = e;
        throw e;
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        inner.flush();
      } catch (IOException e) {
        problem = e;
        throw e;
      }
    }
  }

  /** Runs the command and returns how it ended. */
  static Exit run(String[] given, Terminal terminal) {
    String[] args = helpAsOption(given);
    String named = args.length == 0 ? "" : canonical(args[0]);
    @Nullable Command command = COMMANDS.contains(named) ? command(named) : null;
    CommandSpec root = root();
    if (command != null) {
      add(named, command, root);
    } else if (!named.equals("--version") && !named.equals("-V")) {
      for (String name : COMMANDS) {
        add(name, command(name), root);
      }
    }
    CommandLine line = new CommandLine(root);
    Ansi ansi = terminal.coloursOnOut() ? Ansi.ON : Ansi.OFF;
    line.setColorScheme(CommandLine.Help.defaultColorScheme(ansi));
    line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    ParseResult parsed;
    try {
      parsed = line.parseArgs(args);
    } catch (ParameterException e) {
      return usage(List.of(e), line, args, terminal); // not all are collected
    }
    if (CommandLine.executeHelpRequest(parsed) != null) {
      return Exit.DONE;
    }
    List<Exception> errors = new ArrayList<>(parsed.errors());
    if (parsed.hasSubcommand()) {
      errors.addAll(parsed.subcommand().errors());
    }
    if (!errors.isEmpty()) {
      return usage(errors, line, args, terminal);
    }
    if (command == null) {
      terminal.err().print(line.getUsageMessage(Ansi.OFF));
      return Exit.USAGE;
    }
    return run(command, parsed.subcommand(), terminal);
  }

  /** What "help sign" means is written "sign --help". */
  private static String[] helpAsOption(String[] args) {
    boolean help = args.length > 0 && args[0].equals("help");
    return !help
        ? args
        : args.length == 1 ? new String[] {"--help"} : new String[] {args[1], "--help"};
  }

  private static void add(String name, Command command, CommandSpec root) {
    CommandSpec spec = command.spec();
    spec.parser().collectErrors(true).unmatchedOptionsAllowedAsOptionParameters(false);
    root.addSubcommand(name, spec);
  }

  private static Exit run(Command command, ParseResult options, Terminal terminal) {
    String name = options.commandSpec().qualifiedName();
    boolean debug = Command.has(options, "--debug");
    try {
      return command.run(options, terminal);
    } catch (Failure e) {
      terminal.out().flush();
      terminal.say(name + ": " + e.getMessage());
      e.details.forEach(terminal::say);
      if (e.exit == Exit.USAGE) {
        sayWhereHelpIs(name, terminal);
      }
      if (debug) {
        terminal.say(e);
      }
      return e.exit;
    } catch (InterruptedException e) {
      return Exit.INTERRUPTED;
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      terminal.say(name + ": this is a mistake in the program (" + e + "); --debug shows where");
      if (debug) {
        terminal.say(e);
      }
      return Exit.ITSELF;
    }
  }

  /** Of several errors an unknown word is the one to tell: it may be the cause of the others. */
  private static Exit usage(
      List<Exception> errors, CommandLine line, String[] args, Terminal terminal) {
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
    if (command.parent() == null) {
      known.addAll(COMMANDS);
    }
    if (word.startsWith("-")) {
      terminal.say("%s: there is no option %s".formatted(name, word));
    } else if (command.parent() == null) {
      terminal.say("%s: there is no command \"%s\"".formatted(name, word));
    } else if (!command.positionalParameters().isEmpty()) {
      terminal.say("%s: \"%s\" is one argument too many; quote hex that has spaces, like \"90 00\""
          .formatted(name, word));
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
          + e.getMissing().stream().map(U2f::synopsis).collect(Collectors.joining(" and "));
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

  private static void sayWhereHelpIs(String name, Terminal terminal) {
    terminal.say("\"" + name + " --help\" shows what there is.");
  }

  private static String canonical(String name) {
    return name.equals("authenticate") ? "sign" : name;
  }

  private static Command command(String name) {
    return switch (name) {
      case "demo" -> new DemoCommand();
      case "register" -> new ClientCommand(ClientCommand.Verb.REGISTER);
      case "sign" -> new ClientCommand(ClientCommand.Verb.SIGN);
      case "verify" -> new VerifyCommand();
      default -> new InspectCommand();
    };
  }

  private static CommandSpec root() {
    CommandSpec root = Command.spec(
        "u2f",
        "FIDO U2F at the command line",
        "Registers security keys, signs in with them, and shows what"
            + " passes between a key and a web site.",
        "%nExamples:",
        "  u2f demo",
        "  u2f inspect 9000",
        "  u2f register --help",
        "",
        "\"u2f COMMAND --help\" tells more.");
    root.addOption(Command.flag("Show the version and end.", "-V", "--version")
        .versionHelp(true)
        .build());
    @Nullable String version = U2f.class.getPackage().getImplementationVersion();
    root.version("u2f " + (version == null ? "(not packaged)" : version));
    root.usageMessage().synopsisSubcommandLabel("COMMAND");
    root.usageMessage().commandListHeading("%nCommands:%n");
    return root;
  }
}
