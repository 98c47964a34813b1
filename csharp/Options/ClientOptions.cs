namespace Tofusoup.Stock.Implementation;

/// <summary>One thing that stock_client does.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Least">The least number of arguments.</param>
/// <param name="Most">The most.</param>
/// <param name="Arguments">What they are called.</param>
/// <param name="Named">Whether the first is a key, a prefix or a name: UTF-8.</param>
internal sealed record Operation(string Name, int Least, int Most, string Arguments, bool Named);

/// <summary>What stock_client was asked for. Where Help or Version is set the rest means nothing.</summary>
public sealed record ClientOptions
{
    private static readonly Operation[] Operations =
    [
        new("get", 1, 1, "KEY", true),
        new("put", 2, 2, "KEY VALUE|-", true),
        new("delete", 1, 1, "KEY", true),
        new("monitor", 0, 1, "[PREFIX] [--count N]", true),
        new("batch", 0, int.MaxValue, "[KEY=VALUE ...]", false),
        new("trade", 1, int.MaxValue, "buy:SYMBOL:N|sell:SYMBOL:N|query:SYMBOL ...", false),
        new("inventory", 0, 0, "", false),
        new("kv-get", 1, 1, "KEY", true),
        new("kv-put", 2, 2, "KEY VALUE|-", true),
        new("health", 0, 1, "[SERVICE]", true),
    ];

    private static readonly string[] TlsFlags = ["ca-file", "cert-file", "key-file", "server-name"];

    private readonly Flag[] _flags;

    private ClientOptions() =>
        _flags = [
            new("server", "H:P", "endpoint to call (default 127.0.0.1:50051)", SetServer),
            new("tls", "", "use TLS", Grammar.Yes(() => Tls = true)),
            new(
                "ca-file",
                "F",
                "roots for the server's certificate, PEM (default: the system's)",
                Grammar.Text(value => CaFile = value)
            ),
            new("cert-file", "F", "the client's certificate chain, PEM", Grammar.Text(value => CertFile = value)),
            new("key-file", "F", "the client's private key, PEM PKCS#8", Grammar.Text(value => KeyFile = value)),
            new(
                "server-name",
                "N",
                "name to verify the server's certificate against",
                Grammar.Text(value => ServerName = value)
            ),
            new(
                "timeout-seconds",
                "S",
                "deadline of the call; 0 = none (default 5)",
                Grammar.Seconds(value => Timeout = value)
            ),
            new(
                "max-receive-bytes",
                "N",
                "largest message read, after decompression (default 4194304)",
                Grammar.Number(value => MaxReceiveBytes = (int)value, 1, Grammar.MaxReceiveBytes)
            ),
            new(
                "count",
                "N",
                "monitor: events to print; 0 = until stopped (default 0)",
                Grammar.Number(value => Count = value, 0, long.MaxValue)
            ),
            new("session", "", "be driven by frames on standard input and output", Grammar.Yes(() => Session = true)),
            new("help", "", "print this and exit", Grammar.Yes(() => Help = true)),
            new("version", "", "print the version and exit", Grammar.Yes(() => Version = true)),
        ];

    /// <summary>The usage of stock_client.</summary>
    public static string Usage =>
        "usage: stock_client OPERATION [ARGUMENTS] [FLAGS]\n"
        + string.Concat(Operations.Select(operation => $"  {operation.Name} {operation.Arguments}".TrimEnd() + "\n"))
        + Grammar.Usage(new ClientOptions()._flags);

    /// <summary>Print the usage.</summary>
    public bool Help { get; private set; }

    /// <summary>Print the version.</summary>
    public bool Version { get; private set; }

    /// <summary>Be driven by frames.</summary>
    public bool Session { get; private set; }

    /// <summary>What to do.</summary>
    public string Operation { get; private set; } = "";

    /// <summary>What to do it with.</summary>
    public IReadOnlyList<string> Arguments { get; private set; } = [];

    /// <summary>`HOST:PORT`.</summary>
    public string Server { get; private set; } = "127.0.0.1:50051";

    /// <summary>Use TLS.</summary>
    public bool Tls { get; private set; }

    /// <summary>File of the roots; empty: the system's.</summary>
    public string CaFile { get; private set; } = "";

    /// <summary>File of the client's certificate chain; empty: none.</summary>
    public string CertFile { get; private set; } = "";

    /// <summary>File of its private key; empty: none.</summary>
    public string KeyFile { get; private set; } = "";

    /// <summary>Name to verify the server's certificate against; empty: the host.</summary>
    public string ServerName { get; private set; } = "";

    /// <summary>The call's deadline; zero: none.</summary>
    public TimeSpan Timeout { get; private set; } = TimeSpan.FromSeconds(5);

    /// <summary>The largest message read.</summary>
    public int MaxReceiveBytes { get; private set; } = Grammar.DefaultReceiveBytes;

    /// <summary>Events that monitor prints; 0: until stopped.</summary>
    public long Count { get; private set; }

    /// <summary>Reads the command line of stock_client.</summary>
    /// <exception cref="UsageException">It breaks the grammar, or contradicts itself.</exception>
    public static ClientOptions Parse(params string[] words)
    {
        var options = new ClientOptions();
        var arguments = Grammar.Parse(options._flags, words);
        if (options.Help || options.Version)
        {
            return options;
        }
        if (options.Session)
        {
            Grammar.OnlyWithSession(options._flags);
            return arguments is [var operation, ..]
                ? throw new UsageException($"--session goes without an operation: {Words.Escape(operation)}")
                : options;
        }
        options.SetOperation(arguments);
        options.Check();
        return options;
    }

    private string? SetServer(string value)
    {
        Server = value;
        return Endpoints.TryParse(value, out _, out _) ? null : "HOST:PORT";
    }

    private void SetOperation(List<string> words)
    {
        if (words is not [var name, .. var arguments])
        {
            throw new UsageException("an operation is needed");
        }
        var operation =
            Operations.FirstOrDefault(operation => operation.Name == name)
            ?? throw new UsageException($"unknown operation: {Words.Escape(name)}");
        if (arguments.Count < operation.Least)
        {
            throw new UsageException($"{name} needs {operation.Arguments}");
        }
        if (arguments.Count > operation.Most)
        {
            throw new UsageException($"stray argument: {Words.Escape(arguments[operation.Most])}");
        }
        if (operation.Named && arguments is [var first, ..] && !Words.IsText(first))
        {
            throw new UsageException($"{name}: \"{Words.Escape(first)}\" given, UTF-8 expected");
        }
        (Operation, Arguments) = (name, arguments);
    }

    /// <summary>Finds contradictions.</summary>
    private void Check()
    {
        if (Given("count") && Operation != "monitor")
        {
            throw new UsageException($"--count does not go with {Operation}");
        }
        if (!Tls && TlsFlags.FirstOrDefault(Given) is { } flag)
        {
            throw new UsageException($"--{flag} needs --tls");
        }
        if (CertFile.Length > 0 != KeyFile.Length > 0)
        {
            throw new UsageException(
                KeyFile.Length > 0 ? "--key-file needs --cert-file" : "--cert-file needs --key-file"
            );
        }
    }

    private bool Given(string name) => _flags.Any(flag => flag.Name == name && flag.Given);
}
