using System.Runtime.InteropServices;
using System.Text;
using Grpc.Core;

namespace Tofusoup.Stock.Implementation;

/// <summary>The client's program.</summary>
internal static class StockClient
{
    /// <summary>Runs stock_client and returns its exit code.</summary>
    public static async Task<int> Start(string[] words)
    {
        var log = Programs.StandardError();
        using var ended = new CancellationTokenSource();
        var interrupted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var signals = Programs.On(
            _ =>
            {
                interrupted.TrySetResult();
                ended.Cancel();
            },
            PosixSignal.SIGINT
        );

        // Not waited for when interrupted: it may be reading standard input.
        var running = Task.Run(() => Run(words, log, ended.Token));
        await Task.WhenAny(running, interrupted.Task);
        return interrupted.Task.IsCompleted ? ExitCode.Interrupted : await running;
    }

    private static async Task<int> Run(string[] words, TextWriter log, CancellationToken ended)
    {
        try
        {
            var options = ClientOptions.Parse(words);
            using var output = Programs.StandardOutput();
            if (options.Help || options.Version)
            {
                var text = options.Help ? ClientOptions.Usage : About.Line("stock_client") + "\n";
                Programs.Write(output, Encoding.UTF8.GetBytes(text));
                return ExitCode.Ok;
            }
            if (options.Session)
            {
                await ClientSession.Call(Programs.StandardInput(), output, log, ended);
                return ExitCode.Ok;
            }
            return await Operate(options, output, ended);
        }
        catch (RpcException failed)
        {
            await log.WriteLineAsync($"{Lines.CodeName(failed.StatusCode)}: {Lines.OneLine(failed.Status.Detail)}");
            return ended.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Rpc + (int)failed.StatusCode;
        }
        catch (UsageException wrong)
        {
            await log.WriteAsync($"{wrong.Message}\n{ClientOptions.Usage}");
            return ExitCode.Usage;
        }
        catch (Exception failure)
            when (failure is CredentialsException or OutputException or FrameException or IOException)
        {
            await log.WriteLineAsync(failure.Message);
            return failure is CredentialsException ? ExitCode.Usage : ExitCode.Internal;
        }
    }

    /// <summary>Runs an operation on a channel of its own.</summary>
    private static async Task<int> Operate(ClientOptions options, Stream output, CancellationToken ended)
    {
        var run = Operations.Prepare(options);
        using var channel = new ClientChannel(EndpointOf(options));
        DateTime? deadline = options.Timeout > TimeSpan.Zero ? DateTime.UtcNow + options.Timeout : null;
        return await run(channel, new CallOptions(deadline: deadline, cancellationToken: ended), output);
    }

    private static Endpoint EndpointOf(ClientOptions options)
    {
        var (host, port) = Endpoints.Parse(options.Server);
        var name = options.ServerName.Length > 0 ? options.ServerName : host;
        var roots = options.CaFile.Length > 0 ? Credentials.ReadFile(options.CaFile) : null;
        var identity = options.CertFile.Length > 0 ? Credentials.ReadIdentity(options.CertFile, options.KeyFile) : null;
        var tls = options.Tls ? Credentials.Client(roots, identity, name) : null;
        return new Endpoint(host, port, tls, options.ServerName, options.MaxReceiveBytes);
    }
}
