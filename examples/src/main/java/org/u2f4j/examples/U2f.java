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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The u2f command. */
public final class U2f {
  private static final List<String> COMMANDS = List.of("demo", "register", "sign", "inspect");

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
    if (out.problem != null && exit == Exit.DONE) {
      exit = Exit.PIPE;
      if (!String.valueOf(out.problem.getMessage()).contains("Broken pipe")) {
        terminal.say("u2f: standard output cannot be written: " + out.problem.getMessage());
        exit = Exit.REFUSED;
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
      return usage(List.of(e), line, terminal); // not all are collected
    }
    if (CommandLine.executeHelpRequest(parsed) != null) {
      return Exit.DONE;
    }
    List<Exception> errors = new ArrayList<>(parsed.errors());
    if (parsed.hasSubcommand()) {
      errors.addAll(parsed.subcommand().errors());
    }
    if (!errors.isEmpty()) {
      return usage(errors, line, terminal);
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
    spec.parser().collectErrors(true);
    root.addSubcommand(name, spec);
  }

  private static Exit run(Command command, ParseResult options, Terminal terminal) {
    String name = options.commandSpec().qualifiedName();
    boolean debug = Command.has(options, "--debug");
    try {
      return command.run(options, terminal);
    } catch (Failure e) {
      terminal.out().flush();
      (name + ": " + e.getMessage()).lines().forEach(terminal::say);
      if (e.exit == Exit.USAGE) {
        sayWhereHelpIs(name, terminal);
      }
      if (debug) {
        e.printStackTrace(terminal.err());
      }
      return e.exit;
    } catch (InterruptedException e) {
      return Exit.INTERRUPTED;
    } catch (RuntimeException e) {
      terminal.say(name + ": this is a mistake in the program (" + e + "); --debug shows where");
      if (debug) {
        e.printStackTrace(terminal.err());
      }
      return Exit.REFUSED;
    }
  }

  /** Of several errors an unknown word is the one to tell: it may be the cause of the others. */
  private static Exit usage(List<Exception> errors, CommandLine line, Terminal terminal) {
    Exception told = errors.stream()
        .filter(UnmatchedArgumentException.class::isInstance)
        .findFirst()
        .orElse(errors.get(0));
    CommandLine at = told instanceof ParameterException e ? e.getCommandLine() : line;
    String name = at.getCommandSpec().qualifiedName();
    terminal.say(name + ": " + told.getMessage());
    if (told instanceof UnmatchedArgumentException unmatched) {
      List<String> similar = unmatched.getSuggestions();
      if (!similar.isEmpty()) {
        terminal.say("Did you mean: " + String.join(" or ", similar) + "?");
      }
    }
    sayWhereHelpIs(name, terminal);
    return Exit.USAGE;
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
        "  u2f register --origin https://example.com --soft my.key <request.json",
        "  u2f inspect 9000",
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
