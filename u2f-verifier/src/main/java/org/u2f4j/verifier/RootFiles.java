package org.u2f4j.verifier;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;

/** Reads roots from files and key stores. */
final class RootFiles {
  private static final long MAX_FILE_LENGTH = 4L << 20;
  private static final Pattern PEM = Pattern.compile(
      "-----BEGIN (?:TRUSTED )?CERTIFICATE-----([^-]*)(-----END (?:TRUSTED )?CERTIFICATE-----)?");

  private RootFiles() {}

  static List<AttestationCertificate> read(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return readFile(path);
    }
    List<AttestationCertificate> roots = new ArrayList<>();
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : files.filter(RootFiles::isCertificate).sorted().toList()) {
        roots.addAll(readFile(file));
      }
    }
    if (roots.isEmpty()) {
      throw new IOException(path + " has no .pem, .crt, .cer or .der file");
    }
    return roots;
  }

  private static boolean isCertificate(Path file) {
    return file.toString().matches("(?i).*\\.(pem|crt|cer|der)");
  }

  private static List<AttestationCertificate> readFile(Path file) throws IOException {
    if (Files.size(file) > MAX_FILE_LENGTH) {
      throw new IOException(file + " is longer than 4 MiB");
    }
    byte[] content = Files.readAllBytes(file);
    try {
      return decode(Bytes.of(content));
    } catch (FormatException e) {
      throw e.in(file.toString());
    }
  }

  /** A certificate in DER, or a text with any number in PEM. */
  static List<AttestationCertificate> decode(Bytes content) throws FormatException {
    boolean der = content.length() > 1 && content.at(0) == 0x30 && content.at(1) >= 0x80;
    return der
        ? List.of(AttestationCertificate.decode(content))
        : readPem(new String(content.toArray(), StandardCharsets.ISO_8859_1));
  }

  private static List<AttestationCertificate> readPem(String text) throws FormatException {
    List<AttestationCertificate> roots = new ArrayList<>();
    Matcher matcher = PEM.matcher(text);
    while (matcher.find()) {
      if (matcher.group(2) == null) {
        throw new FormatException("the PEM block does not end, or is not base64", matcher.start());
      }
      try {
        byte[] der = Base64.getDecoder().decode(matcher.group(1).replaceAll("\\s", ""));
        roots.add(AttestationCertificate.decode(Bytes.of(der)));
      } catch (IllegalArgumentException e) {
        throw new FormatException("the PEM block is not base64", matcher.start());
      }
    }
    if (roots.isEmpty()) {
      throw new FormatException("no certificate: neither DER nor PEM");
    }
    return roots;
  }

  static List<AttestationCertificate> read(KeyStore keyStore) throws IOException {
    List<AttestationCertificate> roots = new ArrayList<>();
    try {
      for (String alias : Collections.list(keyStore.aliases())) {
        Certificate certificate = keyStore.getCertificate(alias);
        if (certificate != null) {
          roots.add(AttestationCertificate.decode(Bytes.of(certificate.getEncoded())));
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IOException("the key store cannot be read: " + e.getMessage(), e);
    }
    if (roots.isEmpty()) {
      throw new IOException("the key store holds no certificate");
    }
    return roots;
  }
}
