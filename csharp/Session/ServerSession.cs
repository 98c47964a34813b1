using System.Net;
using Tofusoup.Stock.Session;

namespace Tofusoup.Stock.Implementation;

/// <summary>Obeys the commands of a runner to a stock_server.</summary>
public sealed class ServerSession
{
    private readonly Stores _stores = new();
    private readonly Dictionary<uint, Listener?> _listeners = [];
    private readonly List<Task> _drains = [];
    private readonly Director _director;
    private readonly Output _output;
    private readonly TextWriter _log;
    private readonly Lock _lock = new();
    private bool _ending;

    private ServerSession(Output output, TextWriter log)
    {
        _output = output;
        _log = log;
        _director = new Director(_stores, observed => output.Send(new Event { Observed = observed }));
    }

    /// <summary>
    /// Runs the listeners that a runner asks for, until input ends or something else ends the session; then it drains
    /// them all within the grace.
    /// </summary>
    /// <exception cref="FrameException">The input is no stream of frames.</exception>
    public static async Task Serve(Stream input, Stream stream, TimeSpan grace, TextWriter log, CancellationToken ended)
    {
        var output = Commands.Begin(
            stream,
            log,
            Role.Server,
            "gzip_response",
            "reflection_v1",
            "reflection_v1alpha",
            "observe_peer",
            "observe_tls",
            "observe_encoding"
        );
        var session = new ServerSession(output, log);
        try
        {
            await Commands.ObeyAll(input, output, session.Obey, ended);
        }
        finally
        {
            await session.End(grace);
            await output.Close();
        }
    }

    private void Obey(Command command)
    {
        lock (_lock)
        {
            if (_ending)
            {
                throw new CommandException("the session is ending");
            }
            switch (command.CommandCase)
            {
                case Command.CommandOneofCase.Listen:
                    Listen(command.Listen);
                    break;
                case Command.CommandOneofCase.Stop:
                    Stop(command.Stop);
                    break;
                case Command.CommandOneofCase.Forget:
                    _stores.Forget(command.Forget.Stores);
                    break;
                default:
                    throw new CommandException(
                        $"command: {command.CommandCase} given, listen, stop or forget expected"
                    );
            }
        }
    }

    private void Listen(Listen command)
    {
        if (command.Listener == 0 || _listeners.ContainsKey(command.Listener))
        {
            throw new CommandException($"listener: {command.Listener} given, a new number from 1 expected");
        }

        // The thread is the session's own, and has nothing else to do.
        var listener = Listener.Listen(Config(command)).GetAwaiter().GetResult();
        _listeners.Add(command.Listener, listener);
        _output.Send(
            new Event
            {
                Listening = new Listening { Listener = command.Listener, Port = (uint)listener.Endpoint.Port },
            }
        );
    }

    private ListenerConfig Config(Listen command)
    {
        if (!Endpoints.TryLiteral(command.Host, out var address))
        {
            throw new CommandException($"host: \"{command.Host}\" given, a literal address expected");
        }
        if (command.Port > IPEndPoint.MaxPort)
        {
            throw new CommandException($"port: {command.Port} given, at most {IPEndPoint.MaxPort} expected");
        }
        if (command.Security == Security.Plaintext && !IPAddress.IsLoopback(address))
        {
            throw new CommandException($"host: {address} given, plaintext is for loopback");
        }
        var identity = new Identity(
            command.Identity?.ChainPem.ToByteArray() ?? [],
            command.Identity?.KeyPem.ToByteArray() ?? []
        );
        var tls = command.Security switch
        {
            Security.Plaintext => null,
            Security.Tls => Credentials.Server(identity, null),
            Security.Mtls => Credentials.Server(identity, command.ClientRootsPem.ToByteArray()),
            _ => throw new CommandException($"security: {command.Security} given, plaintext, tls or mtls expected"),
        };
        return new ListenerConfig(
            command.Host,
            (int)command.Port,
            tls,
            MaxReceive(command.MaxReceiveBytes),
            _stores,
            _director,
            _log
        );
    }

    /// <summary>The largest message read, where 0 stands for the usual one.</summary>
    internal static int MaxReceive(uint given) =>
        given == 0 ? Grammar.DefaultReceiveBytes : (int)Math.Min(given, Grammar.MaxReceiveBytes);

    private void Stop(Stop command)
    {
        if (_listeners.GetValueOrDefault(command.Listener) is not { } listener)
        {
            throw new CommandException($"listener: {command.Listener} given, which is not open");
        }
        _listeners[command.Listener] = null;
        _drains.Add(
            Task.Run(async () =>
            {
                await listener.Drain(TimeSpan.FromMilliseconds(command.GraceMs));
                _output.Send(new Event { Stopped = new Stopped { Listener = command.Listener } });
            })
        );
    }

    /// <summary>
    /// Drains what is open, and waits for the drains that a Stop has begun, but for those no longer than the grace:
    /// theirs may be longer.
    /// </summary>
    private async Task End(TimeSpan grace)
    {
        Task drains;
        lock (_lock)
        {
            _ending = true;
            drains = Task.WhenAll([
                .. _drains,
                .. _listeners.Values.OfType<Listener>().Select(listener => listener.Drain(grace)),
            ]);
        }
        var patience = grace < Listener.LongestGrace ? grace : Listener.LongestGrace;
        await Task.WhenAny(drains, Task.Delay(patience + Listener.AbortTimeout));
    }
}
