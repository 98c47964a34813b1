using System.Runtime.InteropServices;
using System.Text;

namespace Tofusoup.Stock.Implementation;

/// <summary>Standard output cannot be written.</summary>
public sealed class OutputException(IOException cause)
    : Exception($"cannot write to standard output: {cause.Message}", cause);

/// <summary>What the two programs do alike: their standard streams, and the signals that end them.</summary>
public static class Programs
{
    /// <summary>Standard input.</summary>
    public static Stream StandardInput() => Console.OpenStandardInput();

    /// <summary>Standard output, without a buffer.</summary>
    public static Stream StandardOutput() => new StandardOutput();

    /// <summary>Standard error, a line at a time.</summary>
    public static TextWriter StandardError() =>
        TextWriter.Synchronized(new StreamWriter(new StandardError(), new UTF8Encoding(false)) { AutoFlush = true });

    /// <summary>Writes a text.</summary>
    /// <exception cref="OutputException">It cannot be written.</exception>
    public static void Write(Stream output, ReadOnlySpan<byte> bytes)
    {
        try
        {
            output.Write(bytes);
            output.Flush();
        }
        catch (IOException failure)
        {
            throw new OutputException(failure);
        }
    }

    /// <summary>Calls an action for each of some signals, which then do not end the process.</summary>
    public static IDisposable On(Action<PosixSignal> action, params ReadOnlySpan<PosixSignal> signals)
    {
        var registrations = new List<PosixSignalRegistration>();
        foreach (var signal in signals)
        {
            registrations.Add(PosixSignalRegistration.Create(signal, context =>
                {
                    context.Cancel = true;
                    action(signal);
                }));
        }
        return new Registrations(registrations);
    }

    private sealed class Registrations(List<PosixSignalRegistration> all) : IDisposable
    {
        public void Dispose() => all.ForEach(one => one.Dispose());
    }
}
