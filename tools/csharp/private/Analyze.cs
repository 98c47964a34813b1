// Runs the compiler with analyzers and writes what they have found, a line each, in an order of its own: the compiler's
// own log has times and the places of sandboxes in it. Arguments: the file to write, then the compiler's command line.
using System;
using System.Diagnostics;
using System.IO;
using System.Linq;

var assembly = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
var start = new ProcessStartInfo(args[1], [.. args.Skip(2), $"-out:{assembly}"]) { RedirectStandardOutput = true };
using var compiler = Process.Start(start)!;
var lines = compiler.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
compiler.WaitForExit();
File.Delete(assembly);
var findings = lines.Order(StringComparer.Ordinal).Distinct().ToList();
if (compiler.ExitCode != 0 && findings.Count == 0)
{
    findings.Add($"the compiler ends with exit code {compiler.ExitCode}");
}
File.WriteAllLines(args[0], findings);
