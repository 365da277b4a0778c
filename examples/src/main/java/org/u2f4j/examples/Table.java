package org.u2f4j.examples;

import java.util.ArrayList;
import java.util.List;

/** Rows of text in columns as wide as need be, below a heading. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... heading) {
    rows.add(List.of(heading));
  }

  /** Adds a row; whoever wrote the text, no control character gets through. */
  void add(String... row) {
    rows.add(List.of(row).stream().map(Terminal::printable).toList());
  }

  void print(Terminal terminal) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], length(row.get(i)));
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] + 2 - length(row.get(i))));
      }
      String text = line.toString().stripTrailing();
      terminal.out().println(row == rows.get(0) ? terminal.heading(text) : text);
    }
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
