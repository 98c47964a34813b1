using System.Net;
using System.Net.Security;
using Tofusoup.Stock.Session;

namespace Tofusoup.Stock.Implementation;

/// <summary>Obeys the commands of a runner to a stock_client.</summary>
public sealed class ClientSession
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<uint, Connection?> _channels = [];
    private readonly Dictionary<uint, RunningCall> _running = [];
    private readonly List<Task> _closing = [];
    private readonly Output _output;
    private uint _highest;
    private bool _ending;

    private ClientSession(Output output) => _output = output;

    /// <summary>Runs the calls that a runner asks for, until input ends or something else ends the session.</summary>
    /// <exception cref="FrameException">The input is no stream of frames.</exception>
    public static async Task Call(Stream input, Stream stream, TextWriter log, CancellationToken ended)
    {
        var output = Commands.Begin(stream, log, Role.Client, "gzip_request", "wait_for_ready");
        var session = new ClientSession(output);
        try
        {
            await Commands.ObeyAll(input, output, session.Obey, ended);
        }
        finally
        {
            await session.End();
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
                case Command.CommandOneofCase.OpenChannel:
                    OpenChannel(command.OpenChannel);
                    break;
                case Command.CommandOneofCase.CloseChannel:
                    CloseChannel(command.CloseChannel.Channel);
                    break;
                case Command.CommandOneofCase.Start:
                    Start(command.Start);
                    break;
                case Command.CommandOneofCase.Send:
                    WithCall(command.Send.Call, call => call.Send(command.Send.Requests));
                    break;
                case Command.CommandOneofCase.HalfClose:
                    WithCall(command.HalfClose.Call, call => call.HalfClose());
                    break;
                case Command.CommandOneofCase.Receive:
                    WithCall(command.Receive.Call, call => call.Receive(command.Receive.Credit));
                    break;
                case Command.CommandOneofCase.Cancel:
                    WithCall(command.Cancel.Call, call => call.Cancel());
                    break;
                default:
                    throw new CommandException($"command: {command.CommandCase} given, one for a client expected");
            }
        }
    }

    private void OpenChannel(OpenChannel command)
    {
        if (command.Channel == 0 || _channels.ContainsKey(command.Channel))
        {
            throw new CommandException($"channel: {command.Channel} given, a new number from 1 expected");
        }
        if (!Endpoints.TryLiteral(command.Host, out _))
        {
            throw new CommandException($"host: \"{command.Host}\" given, a literal address expected");
        }
        if (command.Port is 0 or > IPEndPoint.MaxPort)
        {
            throw new CommandException($"port: {command.Port} given, 1 to {IPEndPoint.MaxPort} expected");
        }
        var endpoint = new Endpoint(
            command.Host,
            (int)command.Port,
            Tls(command),
            command.ServerName,
            ServerSession.MaxReceive(command.MaxReceiveBytes)
        );
        _channels.Add(command.Channel, new Connection(endpoint));
    }

    private static SslClientAuthenticationOptions? Tls(OpenChannel command)
    {
        var name = command.ServerName.Length > 0 ? command.ServerName : command.Host;
        var identity = command.Identity is { } given
            ? new Identity(given.ChainPem.ToByteArray(), given.KeyPem.ToByteArray())
            : null;
        return command.Security switch
        {
            Security.Plaintext => null,
            Security.Tls => Credentials.Client(command.RootsPem.ToByteArray(), null, name),
            Security.Mtls => Credentials.Client(command.RootsPem.ToByteArray(), identity, name),
            _ => throw new CommandException($"security: {command.Security} given, plaintext, tls or mtls expected"),
        };
    }

    /// <summary>Cancels the calls of a channel and then closes it: the other way round they would end in other ways.</summary>
    private void CloseChannel(uint number)
    {
        if (_channels.GetValueOrDefault(number) is not { } channel)
        {
            throw new CommandException($"channel: {number} given, which is not open");
        }
        _channels[number] = null;
        _closing.RemoveAll(closing => closing.IsCompleted);
        _closing.Add(channel.Close());
    }

    private void Start(Start command)
    {
        if (_channels.GetValueOrDefault(command.Channel) is not { } channel)
        {
            throw new CommandException($"channel: {command.Channel} given, which is not open");
        }
        if (!channel.Methods(command.WaitForReady).TryGetValue(command.Rpc, out var method))
        {
            throw new CommandException($"rpc: {command.Rpc} given, a method expected");
        }
        CheckStart(command, method);
        _highest = command.Call;
        var call = new RunningCall(command, method, new Report(command.Call, _output), channel.Ended);
        _running.Add(command.Call, call);
        channel.Add(Task.Run(() => call.Run(() => Forget(command.Call))));
    }

    private void CheckStart(Start command, Method method)
    {
        if (command.Call <= _highest)
        {
            throw new CommandException($"call: {command.Call} given, a number over {_highest} expected");
        }
        if (command.TimeoutNs < 0)
        {
            throw new CommandException($"timeout_ns: {command.TimeoutNs} given, 0 or more expected");
        }
        if (!method.Sends && command.Requests.Count != 1)
        {
            throw new CommandException($"requests: {command.Requests.Count} given, {command.Rpc} takes exactly 1");
        }
        RunningCall.Check(command.Requests, method);
    }

    /// <summary>Forgets a call, before its status is reported: what comes for it then is passed over.</summary>
    private void Forget(uint call)
    {
        lock (_lock)
        {
            _running.Remove(call);
        }
    }

    /// <summary>Does something to a running call. One that has ended is passed over: the runner could not know yet.</summary>
    private void WithCall(uint number, Action<RunningCall> action)
    {
        if (_running.TryGetValue(number, out var call))
        {
            action(call);
        }
        else if (number == 0 || number > _highest)
        {
            throw new CommandException($"call: {number} given, which never was one");
        }
    }

    /// <summary>Cancels what is open and waits for its end, but not for peers that hold a connection.</summary>
    private async Task End()
    {
        Task closing;
        lock (_lock)
        {
            _ending = true;
            foreach (var (number, _) in _channels.Where(channel => channel.Value is not null).ToList())
            {
                CloseChannel(number);
            }
            closing = Task.WhenAll(_closing);
        }
        await Task.WhenAny(closing, Task.Delay(CloseTimeout));
    }

    /// <summary>A channel and the calls on it; those that wait for a server have connections of their own.</summary>
    private sealed class Connection(Endpoint endpoint)
    {
        private readonly CancellationTokenSource _ended = new();
        private readonly HashSet<Task> _calls = [];
        private readonly Stubs _stubs = new(new ClientChannel(endpoint));
        private Stubs? _waiting;

        public CancellationToken Ended => _ended.Token;

        public Dictionary<Rpc, Method> Methods(bool wait) =>
            (wait ? _waiting ??= new Stubs(new ClientChannel(endpoint, waits: true)) : _stubs).Methods;

        public void Add(Task call)
        {
            lock (_calls)
            {
                _calls.Add(call);
            }
            call.ContinueWith(
                Remove,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }

        public async Task Close()
        {
            await _ended.CancelAsync();
            Task[] calls;
            lock (_calls)
            {
                calls = [.. _calls];
            }
            await Task.WhenAll(calls);
            _stubs.Channel.Dispose();
            _waiting?.Channel.Dispose();
            _ended.Dispose();
        }

        private void Remove(Task call)
        {
            lock (_calls)
            {
                _calls.Remove(call);
            }
        }

        private sealed record Stubs(ClientChannel Channel)
        {
            public Dictionary<Rpc, Method> Methods { get; } = Implementation.Methods.Of(Channel);
        }
    }
}
