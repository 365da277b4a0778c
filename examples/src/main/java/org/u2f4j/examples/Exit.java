package org.u2f4j.examples;

import java.util.LinkedHashMap;
import java.util.Map;

/** How the command ends; the numbers are promised in every help text. */
enum Exit {
  DONE(0, "done"),
  REFUSED(1, "refused, or a check failed"),
  USAGE(2, "wrong usage"),
  NO_KEY(3, "no key, or time ran out"),
  BROKEN(4, "broken input"),
  ITSELF(5, "u2f itself cannot run or write"),
  INTERRUPTED(130, "stopped by Ctrl-C"),
  PIPE(141, "whoever read the output has gone");

  final int code;
  final String meaning;

  Exit(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  static Map<String, String> list() {
    Map<String, String> list = new LinkedHashMap<>();
    for (Exit exit : values()) {
      list.put(Integer.toString(exit.code), exit.meaning);
    }
    return list;
  }
}
