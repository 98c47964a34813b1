using System.Buffers.Binary;
using System.IO.Pipes;
using Google.Protobuf;
using Tofusoup.Stock.Session;

namespace Tofusoup.Stock.Implementation.Tests;

/// <summary>A runner's end of a session, which runs in this process.</summary>
public sealed class SessionPeer : IAsyncDisposable
{
    private readonly AnonymousPipeServerStream _commands = new(PipeDirection.Out);
    private readonly AnonymousPipeServerStream _events = new(PipeDirection.In);
    private readonly CancellationTokenSource _ended = new();
    private uint _id;

    private SessionPeer(Func<Stream, Stream, CancellationToken, Task> session)
    {
        var input = new AnonymousPipeClientStream(PipeDirection.In, _commands.ClientSafePipeHandle);
        var output = new AnonymousPipeClientStream(PipeDirection.Out, _events.ClientSafePipeHandle);
        Session = session(input, output, _ended.Token);
    }

    /// <summary>The session.</summary>
    public Task Session { get; }

    /// <summary>A server's session, past its Hello.</summary>
    public static async Task<SessionPeer> Server()
    {
        var peer = new SessionPeer(
            (input, output, ended) =>
                ServerSession.Serve(input, output, TimeSpan.FromSeconds(1), TextWriter.Null, ended)
        );
        await peer.Next(@event => @event.Hello);
        return peer;
    }

    /// <summary>A client's session, past its Hello.</summary>
    public static async Task<SessionPeer> Client()
    {
        var peer = new SessionPeer((input, output, ended) => ClientSession.Call(input, output, TextWriter.Null, ended));
        await peer.Next(@event => @event.Hello);
        return peer;
    }

    /// <summary>A server with a listener, and a client with a channel to it: both are number 1.</summary>
    public static async Task<(SessionPeer Server, SessionPeer Client)> Connect()
    {
        var (server, client) = (await Server(), await Client());
        server.Send(
            new Command
            {
                Listen = new Listen
                {
                    Listener = 1,
                    Host = "127.0.0.1",
                    Security = Security.Plaintext,
                },
            }
        );
        var port = (await server.Next(@event => @event.Listening)).Port;
        client.Send(
            new Command
            {
                OpenChannel = new OpenChannel
                {
                    Channel = 1,
                    Host = "127.0.0.1",
                    Port = port,
                    Security = Security.Plaintext,
                },
            }
        );
        return (server, client);
    }

    /// <summary>Sends a command and returns its id.</summary>
    public uint Send(Command command)
    {
        command.Id = ++_id;
        Write(command.ToByteArray());
        return _id;
    }

    /// <summary>Sends a frame of any bytes.</summary>
    public void Write(byte[] body)
    {
        var frame = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, body.Length);
        body.CopyTo(frame, 4);
        WriteRaw(frame);
    }

    /// <summary>Sends bytes that may be no frame.</summary>
    public void WriteRaw(byte[] bytes)
    {
        _commands.Write(bytes);
        _commands.Flush();
    }

    /// <summary>Ends the session's input.</summary>
    public void EndInput() => _commands.Dispose();

    /// <summary>The next event, which must be of a kind.</summary>
    public async Task<T> Next<T>(Func<Event, T?> kind)
        where T : class
    {
        var @event = await Task.Run(Read).WaitAsync(Peers.Patience);
        return kind(@event) ?? throw new InvalidDataException($"another event: {@event}");
    }

    /// <summary>All that a call gives until its status, as one.</summary>
    public async Task<Events> Result(uint call)
    {
        var all = new Events { Call = call };
        while (all.Status is null)
        {
            all.MergeFrom(await Next(@event => @event.Events?.Call == call ? @event.Events : null));
        }
        return all;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        EndInput();
        await Session.WaitAsync(Peers.Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _events.DisposeAsync();
        _ended.Dispose();
    }

    private Event Read()
    {
        var head = new byte[4];
        _events.ReadExactly(head);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head)];
        _events.ReadExactly(body);
        return Event.Parser.ParseFrom(body);
    }
}
