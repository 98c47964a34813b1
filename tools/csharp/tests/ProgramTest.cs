using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Greetings;
using Stock.Testing;

namespace CSharpRules.Tests;

/// <summary>A program is its launcher's own process, wherever it is started from.</summary>
public sealed class ProgramTest
{
    private static readonly string Program = Path.GetFullPath(Environment.GetEnvironmentVariable("PROGRAM")!);

    [Test]
    public void LibrariesAreLinked() => Check.Equal(3, Greeting.Size("k"));

    [Test]
    public async Task ArgumentsAndExitCodePass()
    {
        var (code, output, _) = await Run(Program, Path.GetTempPath(), "k", "a b", "");
        Check.Equal(7, code);
        Check.Equal("3 k|a b|", output.Split('\n')[0]);
    }

    [Test]
    public async Task ItIsFoundThroughALink()
    {
        var folder = Directory.CreateTempSubdirectory();
        File.CreateSymbolicLink(Path.Combine(folder.FullName, "target"), Program);
        File.CreateSymbolicLink(Path.Combine(folder.FullName, "link"), "target");
        Check.Equal(7, (await Run(Path.Combine(folder.FullName, "link"), folder.FullName, "k")).Code);
        folder.Delete(recursive: true);
    }

    [Test]
    public async Task ACopyWithoutItsRunfilesSaysSo()
    {
        var folder = Directory.CreateTempSubdirectory();
        var copy = Path.Combine(folder.FullName, "program");
        File.Copy(new FileInfo(Program).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Program, copy);
        var (code, output, error) = await Run(copy, folder.FullName, "k");
        Check.Equal((4, ""), (code, output));
        Check.Contains("no runfiles beside", error);
        folder.Delete(recursive: true);
    }

    [Test]
    public async Task ACopyWithItsRunfilesNeedsNothingElse()
    {
        var folder = Directory.CreateTempSubdirectory();
        var copy = Path.Combine(folder.FullName, "program");
        var runfiles = Program[..(Program.IndexOf(".runfiles/", StringComparison.Ordinal) + ".runfiles".Length)];
        Copy(runfiles, copy + ".runfiles");
        File.Copy(Program, copy);
        var loaded = (await Run(copy, folder.FullName, "k")).Output.Split('\n')[2];
        Check.True(
            loaded.StartsWith(folder.FullName, StringComparison.Ordinal),
            $"the runtime {loaded} is of the copy"
        );
        folder.Delete(recursive: true);
    }

    /// <summary>Copies a tree; what is a link becomes what it leads to.</summary>
    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
        foreach (var folder in Directory.GetDirectories(from))
        {
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    private static async Task<(int Code, string Output, string Error)> Run(
        string program,
        string folder,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["HOME"] = "/nowhere";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        var printed = await output;
        Check.True(
            printed.Length == 0 || printed.Contains($"\n{process.Id}\n", StringComparison.Ordinal),
            "the launcher's process"
        );
        return (process.ExitCode, printed, await error);
    }
}
