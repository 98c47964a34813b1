using System.Runtime.InteropServices;
using System.Text;

namespace Tofusoup.Stock.Implementation;

/// <summary>The server's program.</summary>
internal static class StockServer
{
    /// <summary>Runs stock_server until a signal has drained it, and returns its exit code.</summary>
    public static async Task<int> Start(string[] words)
    {
        var log = Programs.StandardError();
        try
        {
            var options = ServerOptions.Parse(words);
            if (options.Help || options.Version)
            {
                return Print(options.Help ? ServerOptions.Usage : About.Line("stock_server") + "\n");
            }
            return await Run(options, log);
        }
        catch (UsageException wrong)
        {
            await log.WriteAsync($"{wrong.Message}\n{ServerOptions.Usage}");
            return ExitCode.Usage;
        }
        catch (OutputException failure)
        {
            await log.WriteLineAsync(failure.Message);
            return ExitCode.Internal;
        }
    }

    /// <summary>Serves until a signal; a second one does not wait for the drain of the first.</summary>
    private static async Task<int> Run(ServerOptions options, TextWriter log)
    {
        using var ended = new CancellationTokenSource();
        var again = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var signals = Programs.On(
            _ =>
            {
                if (ended.IsCancellationRequested)
                {
                    again.TrySetResult();
                }
                ended.Cancel();
            },
            PosixSignal.SIGTERM,
            PosixSignal.SIGINT
        );
        var serving = Serve(options, log, ended.Token);
        return await Task.WhenAny(serving, again.Task) == serving ? await serving : ExitCode.Ok;
    }

    private static async Task<int> Serve(ServerOptions options, TextWriter log, CancellationToken ended)
    {
        try
        {
            if (options.Session)
            {
                await ServerSession.Serve(
                    Programs.StandardInput(),
                    Programs.StandardOutput(),
                    options.Grace,
                    log,
                    ended
                );
                return ExitCode.Ok;
            }
            return await ServeOne(options, log, ended);
        }
        catch (Exception failure) when (failure is FrameException or CredentialsException or IOException)
        {
            await log.WriteLineAsync(failure.Message);
            return failure switch
            {
                FrameException => ExitCode.Internal,
                CredentialsException => ExitCode.Usage,
                _ => ExitCode.CannotBind,
            };
        }
    }

    private static async Task<int> ServeOne(ServerOptions options, TextWriter log, CancellationToken ended)
    {
        var listener = await Listener.Listen(Config(options, log));
        try
        {
            Print($"Server listening on {listener.Endpoint}\n");
            await Task.Delay(Timeout.InfiniteTimeSpan, ended).ContinueWith(_ => { }, TaskScheduler.Default);
            return ExitCode.Ok;
        }
        finally
        {
            await listener.Drain(options.Grace);
        }
    }

    /// <summary>Loads what the options name.</summary>
    private static ListenerConfig Config(ServerOptions options, TextWriter log)
    {
        var stores = new Stores();
        var tls =
            options.Security == "plaintext"
                ? null
                : Credentials.Server(
                    Credentials.ReadIdentity(options.CertFile, options.KeyFile),
                    options.Security == "mtls" ? Credentials.ReadFile(options.ClientCaFile) : null
                );
        var director = options.Conformance ? new Director(stores, report: null) : null;
        return new ListenerConfig(options.Host, options.Port, tls, options.MaxReceiveBytes, stores, director, log);
    }

    private static int Print(string text)
    {
        using var output = Programs.StandardOutput();
        Programs.Write(output, Encoding.UTF8.GetBytes(text));
        return ExitCode.Ok;
    }
}
