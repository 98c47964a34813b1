import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Reads and writes jars; equal contents give equal bytes. */
final class Jars {
  /** The first moment of the format's calendar but one day, so that no time zone leaves it. */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 2, 0, 0);

  /** Clojure takes a class for its source where it is the newer one. */
  private static final Pattern SOURCE = Pattern.compile(".*\\.clj[cs]?");

  private static final LocalDateTime TIME_OF_SOURCES = TIME.minusHours(12);

  /**
   * What is no one's business once jars are merged: signatures, manifests, other versions of Java.
   */
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "META-INF/(MANIFEST\\.MF|INDEX\\.LIST|maven/.*|versions/.*|proguard/.*|[^/]*\\.(SF|RSA|DSA|EC))"
              + "|(.*/)?module-info\\.class");

  private static final String SERVICES = "META-INF/services/";

  private Jars() {}

  /**
   * Merges jars; of several entries of a name the first counts, but lists of services are joined.
   */
  static boolean merge(List<String> jars, Path out) throws IOException {
    write(merged(jars), out, false);
    return true;
  }

  /**
   * Makes a program: a jar of everything, and a launcher from a template that knows the jar's
   * digest.
   */
  static boolean program(Map<String, List<String>> flags, Path out) throws IOException {
    merge(flags.get("jar"), out);
    String launcher = Files.readString(Path.of(flags.get("template").get(0)));
    launcher = launcher.replace("{digest}", digest(Files.readAllBytes(out)));
    for (String substitution : flags.getOrDefault("set", List.of())) {
      int equals = substitution.indexOf('=');
      String name = substitution.substring(0, equals);
      launcher = launcher.replace("{" + name + "}", substitution.substring(equals + 1));
    }
    Path program = Path.of(flags.get("launcher").get(0));
    Files.writeString(program, launcher);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return true;
  }

  /** Writes entries in their order; not compressed, a class is loaded sooner. */
  static void write(Map<String, byte[]> entries, Path out, boolean compressed) throws IOException {
    try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(out), 1 << 20);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      for (Map.Entry<String, byte[]> each : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(each.getKey());
        boolean source = SOURCE.matcher(each.getKey()).matches();
        entry.setTimeLocal(source ? TIME_OF_SOURCES : TIME);
        if (!compressed) {
          CRC32 checksum = new CRC32();
          checksum.update(each.getValue());
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(each.getValue().length);
          entry.setCrc(checksum.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(each.getValue());
        zip.closeEntry();
      }
    }
  }

  private static Map<String, byte[]> merged(List<String> jars) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (String jar : jars) {
      try (ZipFile zip = new ZipFile(jar)) {
        for (ZipEntry entry : zip.stream().toList()) {
          String name = entry.getName();
          if (entry.isDirectory() || LEFT_OUT.matcher(name).matches()) {
            continue;
          }
          byte[] content = zip.getInputStream(entry).readAllBytes();
          if (name.startsWith(SERVICES)) {
            entries.merge(name, content, Jars::joined);
          } else {
            entries.putIfAbsent(name, content);
          }
        }
      }
    }
    return entries;
  }

  private static byte[] joined(byte[] first, byte[] second) {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(first);
    both.write('\n');
    both.writeBytes(second);
    return both.toByteArray();
  }

  private static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
