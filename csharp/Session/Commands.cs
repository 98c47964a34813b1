using Tofusoup.Stock.Session;

namespace Tofusoup.Stock.Implementation;

/// <summary>A command that cannot be obeyed: one line for a person.</summary>
internal sealed class CommandException(string reason) : Exception(reason);

/// <summary>What sessions of both roles do alike: Hello, and obeying commands until they end.</summary>
internal static class Commands
{
    private const int Protocol = 1;
    private const int BufferBytes = 64 << 10;

    private static readonly string[] KeyTypes =
    [
        "key_type:rsa2048",
        "key_type:rsa4096",
        "key_type:p256",
        "key_type:p384",
        "key_type:p521",
    ];

    /// <summary>Begins a session: it says Hello.</summary>
    public static Output Begin(Stream stream, TextWriter log, Role role, params IEnumerable<string> abilities)
    {
        var output = new Output(stream, log);
        var hello = new Hello
        {
            Protocol = Protocol,
            Language = About.Language,
            Role = role,
            Library = About.Library,
            Runtime = About.Runtime,
            Transport = About.Transport,
            TlsStack = About.TlsStack,
            Version = About.Version,
        };
        hello.Supports.Add(abilities.Concat(KeyTypes));
        output.Send(new Event { Hello = hello });
        return output;
    }

    /// <summary>
    /// Obeys the commands of the input until it ends, or something else ends the session. In that case the thread that
    /// reads is left behind: it ends with the process.
    /// </summary>
    /// <exception cref="FrameException">The input is no stream of frames.</exception>
    public static async Task ObeyAll(Stream input, Output output, Action<Command> obey, CancellationToken ended)
    {
        var reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Read(input, output, obey, reading)) { IsBackground = true, Name = "commands" };
        thread.Start();
        try
        {
            await reading.Task.WaitAsync(ended);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The session ends as it does at the end of its input.
        }
    }

    private static void Read(Stream input, Output output, Action<Command> obey, TaskCompletionSource reading)
    {
        try
        {
            using var buffered = new BufferedStream(input, BufferBytes);
            while (Frames.Read(buffered) is { } command)
            {
                Obey(command, output, obey);
            }
            reading.SetResult();
        }
        catch (FrameException failure)
        {
            reading.SetException(failure);
        }
        catch (IOException failure)
        {
            reading.SetException(new FrameException($"reading a frame: {failure.Message}", failure));
        }
    }

    private static void Obey(Command command, Output output, Action<Command> obey)
    {
        try
        {
            obey(command);
        }
        catch (Exception refused) when (refused is CommandException or CredentialsException or IOException)
        {
            output.Send(
                new Event
                {
                    Failure = new Failure { Id = command.Id, Reason = refused.Message },
                }
            );
        }
    }
}
