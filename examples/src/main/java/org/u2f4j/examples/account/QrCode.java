package org.u2f4j.examples.account;

import io.nayuki.qrcodegen.QrCode.Ecc;

/** A QR code for the terminal and for the page. */
public final class QrCode {
  /** How many light modules there have to be around it (ISO/IEC 18004). */
  private static final int QUIET = 4;

  /** Black on white, whatever colours the terminal has; needs 8 colours and the bright ones. */
  private static final String BLACK_ON_WHITE = "\u001b[30;107m";

  private static final String USUAL = "\u001b[0m";

  private final io.nayuki.qrcodegen.QrCode code;

  private QrCode(io.nayuki.qrcodegen.QrCode code) {
    this.code = code;
  }

  static QrCode of(String text) {
    return new QrCode(io.nayuki.qrcodegen.QrCode.encodeText(text, Ecc.MEDIUM));
  }

  private boolean dark(int x, int y) {
    return code.getModule(x, y); // false outside
  }

  /**
   * For a terminal, two modules above each other in a character.
   *
   * @param colours whether the terminal shows colours; without, light modules are drawn, as suits a
   *     dark terminal
   * @return lines, each ending in a line feed
   */
  public String text(boolean colours) {
    StringBuilder text = new StringBuilder();
    for (int y = -QUIET; y < code.size + QUIET; y += 2) {
      text.append(colours ? BLACK_ON_WHITE : "");
      for (int x = -QUIET; x < code.size + QUIET; x++) {
        boolean above = dark(x, y) == colours;
        boolean below = dark(x, y + 1) == colours;
        text.append(above ? below ? '█' : '▀' : below ? '▄' : ' ');
      }
      text.append(colours ? USUAL : "").append('\n');
    }
    return text.toString();
  }

  /**
   * For a page: black on white in dark mode too, since few cameras read it otherwise.
   *
   * @return an element of SVG, without a script or a style
   */
  public String svg() {
    StringBuilder path = new StringBuilder();
    for (int y = 0; y < code.size; y++) {
      for (int x = 0; x < code.size; x++) {
        int start = x;
        while (dark(x, y)) {
          x++;
        }
        if (x > start) { // a run of dark modules is one rectangle
          path.append("M%d %dh%3$dv1h-%3$dz".formatted(start + QUIET, y + QUIET, x - start));
        }
      }
    }
    int size = code.size + 2 * QUIET;
    return ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %1$d %1$d\" role=\"img\""
            + " aria-label=\"QR code for the authenticator app\" shape-rendering=\"crispEdges\">"
            + "<path fill=\"#fff\" d=\"M0 0h%1$dv%1$dH0z\"/><path fill=\"#000\" d=\"%2$s\"/></svg>")
        .formatted(size, path);
  }
}
