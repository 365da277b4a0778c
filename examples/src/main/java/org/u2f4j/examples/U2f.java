package org.u2f4j.examples;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.u2f4j.hid.HidKeys;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The u2f command. */
public final class U2f {
  static final List<String> COMMANDS = List.of(
      "demo",
      "keys",
      "doctor",
      "info",
      "wink",
      "ping",
      "register",
      "sign",
      AccountCommand.NAME,
      "virtual-key",
      "serve-register",
      "serve-sign",
      "web",
      "verify",
      "metadata",
      "inspect",
      "replay");

  private U2f() {}

  /**
   * Runs the command and ends the process with its exit code.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    Output out = new Output();
    String terminals = System.getProperty("u2f.terminals");
    Terminal terminal = new Terminal(
        System.in,
        new PrintStream(out, false, StandardCharsets.UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        terminals == null ? console() : terminals,
        terminals != null
            && (System.getenv("NO_COLOR") == null || System.getenv("NO_COLOR").isEmpty()));
    Exit exit = run(args, terminal);
    terminal.out().flush();
    IOException problem = out.problem();
    if (problem != null && exit != Exit.INTERRUPTED) {
      String reason = String.valueOf(problem.getMessage());
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

  /**
   * Where the launcher does not know, as on Windows: standard input and output, if the JDK says that
   * both are a terminal. What is typed there as a password is not to be seen.
   */
  @SuppressWarnings("SystemConsoleNull") // it is null on Java 17 to 21, if there is none
  private static String console() {
    Console console = System.console();
    try {
      // since Java 22, where there always is one
      boolean there = console != null
          && Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
      return there ? "01" : "";
    } catch (NoSuchMethodException e) {
      return console == null ? "" : "01";
    } catch (ReflectiveOperationException e) {
      return "";
    }
  }

  /** Runs the command and returns how it ended. */
  static Exit run(String[] given, Terminal terminal) {
    return run(given, terminal, HidKeys.USB);
  }

  /** Runs the command with other keys than those of this machine. */
  static Exit run(String[] given, Terminal terminal, HidKeys finder) {
    UsbKeys usb = new UsbKeys(finder);
    String[] args = helpAsOption(given);
    String named = args.length == 0 ? "" : canonical(args[0]);
    @Nullable Command command = COMMANDS.contains(named) ? command(named, usb) : null;
    CommandSpec root = root();
    if (command != null) {
      add(named, command, root);
    } else if (!named.equals("--version") && !named.equals("-V")) {
      for (String name : COMMANDS) {
        add(name, command(name, usb), root);
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
      return UsageErrors.tell(List.of(e), line, args, terminal); // not all are collected
    }
    if (CommandLine.executeHelpRequest(parsed) != null) {
      return Exit.DONE;
    }
    List<Exception> errors = new ArrayList<>(parsed.errors());
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
      errors.addAll(last.errors());
    }
    if (!errors.isEmpty()) {
      return UsageErrors.tell(errors, line, args, terminal);
    }
    if (command == null) {
      terminal.err().print(line.getUsageMessage(Ansi.OFF));
      return Exit.USAGE;
    }
    ParseResult first = parsed.subcommand();
    if (last != first && !first.matchedOptions().isEmpty()) { // nobody would look at them there
      terminal.say("%s: write %s behind \"%s\""
          .formatted(
              first.commandSpec().qualifiedName(),
              first.matchedOptions().get(0).longestName(),
              last.commandSpec().name()));
      UsageErrors.sayWhereHelpIs(last.commandSpec().qualifiedName(), terminal);
      return Exit.USAGE;
    }
    return run(command, last, terminal);
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
    collectErrors(spec);
    spec.subcommands().values().forEach(each -> collectErrors(each.getCommandSpec()));
    root.addSubcommand(name, spec);
  }

  private static void collectErrors(CommandSpec spec) {
    spec.parser().collectErrors(true).unmatchedOptionsAllowedAsOptionParameters(false);
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
        UsageErrors.sayWhereHelpIs(name, terminal);
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

  private static String canonical(String name) {
    return name.equals("authenticate") ? "sign" : name;
  }

  private static Command command(String name, UsbKeys usb) {
    return switch (name) {
      case "demo" -> new DemoCommand();
      case "keys" -> new KeysCommand(usb);
      case "doctor" -> new DoctorCommand(usb);
      case "info" -> new InfoCommand(usb);
      case "wink" -> new WinkCommand(usb);
      case "ping" -> new PingCommand(usb);
      case "register" -> new ClientCommand(ClientCommand.Verb.REGISTER, usb);
      case "sign" -> new ClientCommand(ClientCommand.Verb.SIGN, usb);
      case AccountCommand.NAME -> new AccountCommand(usb);
      case "virtual-key" -> new VirtualKeyCommand();
      case "serve-register" -> new ServeCommand(true);
      case "serve-sign" -> new ServeCommand(false);
      case "web" -> new WebCommand();
      case "verify" -> new VerifyCommand();
      case "metadata" -> new MetadataCommand();
      case "inspect" -> new InspectCommand();
      case "replay" -> new ReplayCommand();
      default -> throw new IllegalArgumentException("no command " + name);
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
        "  u2f keys",
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
