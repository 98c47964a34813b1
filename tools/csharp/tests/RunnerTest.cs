using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Stock.Testing;

namespace CSharpRules.Tests;

/// <summary>What the runner of tests says of tests that fail, and of none.</summary>
public sealed class RunnerTest
{
    [Test]
    public async Task FailuresAreToldAndCounted()
    {
        var report = Path.GetTempFileName();
        var (code, output) = await Run("FAILING", "", report);
        Check.Equal(1, code);
        Check.Equal("2 passed, 3 failed", output.TrimEnd().Split('\n')[^1]);
        Check.Contains("expected [1, 2], got [1, 3]", output);
        Check.Contains("InvalidOperationException: thrown", output);
        Check.Contains("FAILED Failing.OfCases(b, 2)\nexpected 1 of b", output);
        Check.Contains("tests=\"5\" failures=\"3\"", await File.ReadAllTextAsync(report));
        File.Delete(report);
    }

    [Test]
    public async Task FilterIsAPartOfNames()
    {
        var (code, output) = await Run("FAILING", "OfCases(a", "");
        Check.Equal((0, "1 passed, 0 failed"), (code, output.TrimEnd().Split('\n')[^1]));
    }

    [Test]
    public async Task NoTestIsNoPass()
    {
        Check.Equal(2, (await Run("EMPTY", "", "")).Code);

        // It may be meant for another target.
        Check.Equal(0, (await Run("FAILING", "no such name", "")).Code);
    }

    [Test]
    public async Task FindingsOfAnalyzersAreTold()
    {
        var (code, output) = await Run("LINTED", "", "");
        Check.Equal(1, code);
        Check.Contains("tools/csharp/tests/Warned.cs(7,", output);
        Check.Contains("CA1805", output);
    }

    private static async Task<(int Code, string Output)> Run(string variable, string filter, string report)
    {
        var start = new ProcessStartInfo(Path.GetFullPath(Environment.GetEnvironmentVariable(variable)!))
        {
            RedirectStandardOutput = true,
        };
        (start.Environment["TESTBRIDGE_TEST_ONLY"], start.Environment["XML_OUTPUT_FILE"]) = (filter, report);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
