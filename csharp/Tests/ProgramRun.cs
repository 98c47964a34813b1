using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Tofusoup.Stock.Implementation.Tests;

/// <summary>A program of ours that runs.</summary>
public sealed class ProgramRun : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts a program.</summary>
    /// <param name="variable">Environment variable with its path.</param>
    /// <param name="arguments">Its arguments.</param>
    public ProgramRun(string variable, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.GetFullPath(Environment.GetEnvironmentVariable(variable)!), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1,
        };
        start.Environment["HOME"] = "/nowhere";
        _process = Process.Start(start)!;
        Error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Its standard input.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>Its standard output, a character a byte.</summary>
    public StreamReader Output => _process.StandardOutput;

    /// <summary>Its standard error, when it has ended.</summary>
    public Task<string> Error { get; }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int Code, string Output, string Error)> ToEnd(
        string variable,
        byte[] input,
        params string[] arguments
    )
    {
        using var run = new ProgramRun(variable, arguments);
        var output = run.Output.ReadToEndAsync();
        await run.Input.WriteAsync(input);
        run.Input.Close();
        var code = await run.Code();
        return (code, await output, await run.Error);
    }

    /// <summary>A line of its standard output.</summary>
    public async Task<string> Line() => await Output.ReadLineAsync().WaitAsync(Peers.Patience) ?? "";

    /// <summary>Its exit code.</summary>
    public async Task<int> Code()
    {
        await _process.WaitForExitAsync().WaitAsync(Peers.Patience);
        return _process.ExitCode;
    }

    /// <summary>Sends it a signal.</summary>
    public void Signal(int number) => _ = Kill(_process.Id, number);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Kill(int process, int signal);
}
